// A look at names and at the beginning of plain text, in this browser and nowhere else:
// whoever is about to upload what bears a marking is stopped before it leaves his machine.
// It only warns; what a marking is, the machine and the people decide after it.
import { endingOf } from "./upload_files.js";

const READ = 128 * 1024;
const PLAIN = ["txt", "md", "csv", "html", "htm", "xml"];
const STARS = "★☆✩✭";
const INTERNAL = ["内部资料", "内部文件", "注意保存", "严禁外传", "不得外传", "不得公开"];

export function marksInName(name, levels) {
  return [...levels, ...INTERNAL].filter((word) => name.includes(word)).map((word) => `文件名里有“${word}”`).slice(0, 1);
}

export async function marksOf(file, levels) {
  if (!PLAIN.includes(endingOf(file.name))) return [];
  try {
    const bytes = await file.slice(0, READ).arrayBuffer();
    const text = decoded(bytes).replace(/<[^>]*>/g, "\n").replace(/&nbsp;/g, " ");
    return marksInText(text, levels);
  } catch {
    // A folder, or a file that went away: the upload itself says so.
    return [];
  }
}

export function marksInText(text, levels) {
  const lines = text.slice(0, READ).split(/\r?\n/).map((one) => one.replace(/[\s\u3000]/g, "")).filter(Boolean);
  const any = levels.join("|");
  const starred = new RegExp(`(${any})[${STARS}]`);
  const alone = new RegExp(`^(密级[:：])?(${any})([${STARS}].*)?$`);
  const found = new Set();
  for (const line of lines) {
    const level = line.match(starred)?.[1] ?? line.match(alone)?.[2];
    if (level) found.add(`有密级标志“${level}”`);
    const word = line.length <= 30 && INTERNAL.find((one) => line.includes(one));
    if (word) found.add(`有“${word}”字样`);
  }
  return [...found];
}

// Whatever cannot be UTF-8 was most likely written by an older office program.
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}
