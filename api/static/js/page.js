// What every page does: forms that are sent to the interface, keys, signing in again.
import { sendForms } from "./send.js";
import { listenForKeys } from "./keys.js";
import { lockWhenIdle } from "./idle.js";

sendForms(document);
listenForKeys(document);
lockWhenIdle(document);
