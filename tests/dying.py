"""A process that works at the desk until it is killed at a named point; what it was told is safe it prints first.

Run: python dying.py FOLDER POINT TIMES. Prints one JSON line for each thing that was acknowledged.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from desk import TestDesk  # noqa: E402  # run as a script: the path comes first

from bot.errors import HandoffError  # noqa: E402  # run as a script: the path comes first
from bot.handoff.sweep import sweep  # noqa: E402  # run as a script: the path comes first
from bot.store.points import stop_with  # noqa: E402  # run as a script: the path comes first


def main(folder, point, times):
    house = TestDesk(Path(folder))
    cookie = bytes.fromhex((Path(folder) / "cookie").read_text())
    seat = house.sign_in.find(cookie).seat
    house.beat(seat)
    left = [times]

    def stop(reached):
        if reached == point:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    if point == "random":
        after = random.uniform(0.05, 1.5)  # noqa: S311  # no secret
        threading.Timer(after, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    told({"ready": time.time()})
    stop_with(stop)
    for number in range(200):
        token = house.card(f"card {number}")
        told({"token": token})
        waiting = [one["id"] for one in house.desk.waiting(seat) if one["topics"]]
        try:
            house.desk.claim(seat, waiting[-1])
        except HandoffError:
            continue
        told({"talk": waiting[-1], "token": token})
        for turn in range(3):
            house.young.say(token, f"{turn}", f"young {turn}")
            told({"said": f"young {turn}", "token": token})
            house.desk.say(seat, waiting[-1], f"{turn}", f"counsellor {turn}")
            told({"said": f"counsellor {turn}", "token": token})
        house.desk.propose_note(seat, waiting[-1], "One line.")
        code = house.codes.offer(token)
        house.codes.confirm(token, code, 3)
        told({"code": code})
        house.desk.close(seat, waiting[-1], "listened")
        told({"closed": waiting[-1]})
        sweep(house.office)


def told(what):
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
