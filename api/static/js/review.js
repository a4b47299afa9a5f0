// The review: the draft on the left, its findings on the right, each leading to the other.
import { followChoices } from "./choices.js";
import { showTabs } from "./tabs.js";
import { workOnCards } from "./review/cards.js";
import { divide } from "./review/divider.js";
import { showDraft } from "./review/draft.js";
import { showPages } from "./review/pages.js";
import { searchDraft } from "./review/search.js";
import { markWords } from "./review/marking.js";
import { proveWhenSigning } from "./review/proof.js";

followChoices(document);
showTabs(document);
proveWhenSigning(document);
if (document.getElementById("side")) {
  divide(document);
  showDraft(document);
  showPages(document);
  searchDraft(document);
  markWords(document);
  workOnCards(document);
}
