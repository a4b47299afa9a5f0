// What every page does: forms that are sent to the interface, dialogs, keys, signing in again.
import { sendForms } from "./send.js";
import { openDialogs } from "./dialogs.js";
import { listenForKeys } from "./keys.js";
import { lockWhenIdle } from "./idle.js";

sendForms(document);
openDialogs(document);
listenForKeys(document);
lockWhenIdle(document);
