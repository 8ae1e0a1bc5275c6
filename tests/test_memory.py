from bot.memory import Conversations


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_conversation_is_forgotten_ten_minutes_after_its_last_sign_of_life():
    clock, forgotten = Clock(), []
    kept = Conversations(forgotten.append, clock)
    conversation = kept.open()

    clock.now = 599
    assert kept.find(conversation.id) is conversation
    clock.now = 599 + 601
    assert kept.find(conversation.id) is None
    assert forgotten == [conversation.id]


def test_leaving_forgets_at_once_here_and_in_rasa():
    forgotten = []
    kept = Conversations(forgotten.append)
    conversation = kept.open()

    kept.leave(conversation.id)
    kept.leave(conversation.id)

    assert kept.find(conversation.id) is None
    assert forgotten == [conversation.id]


def test_the_number_kept_is_bounded_and_the_longest_silent_goes_first():
    kept = Conversations(at_most=50)
    first, second = kept.open(), kept.open()
    kept.find(first.id)

    for _ in range(49):
        kept.open()

    assert len(kept) == 50
    assert kept.find(first.id) is first
    assert kept.find(second.id) is None


def test_ids_are_random_and_long():
    kept = Conversations()

    ids = {kept.open().id for _ in range(200)}

    assert len(ids) == 200
    assert min(map(len, ids)) >= 32
