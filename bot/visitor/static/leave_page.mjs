// The way out of a page that is only read.
import { leaveFast } from "./leave.mjs";

leaveFast(document.querySelector("#leave"), () => {});
