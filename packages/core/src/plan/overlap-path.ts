import { pathHolds } from '../evaluate/match-request.js';
import { compileRe2 } from '../evaluate/re2.js';
import type { PathMatch } from '../model/match.js';
import { regexShape } from './regex-shape.js';

/** A path condition as what its paths begin with; `whole`: nothing may follow; `segment`: only a new segment may. */
interface Known {
  readonly head: string;
  readonly tail: 'whole' | 'anything' | 'segment' | 'something';
  readonly ignoreCase: boolean;
}

/** Whether every path satisfies the condition: as good as none. Paths begin with a slash. */
export function isEveryPath(path: PathMatch): boolean {
  const { head, tail } = known(path);
  return tail === 'segment' ? head === '' : tail === 'anything' && (head === '' || head === '/');
}

/** Whether every path that satisfies `narrow` satisfies `wide`. Sound, not complete. */
export function pathImplies(narrow: PathMatch, wide: PathMatch): boolean {
  if (isEveryPath(wide)) return true;
  const [a, b] = [known(narrow), known(wide)];
  if (narrow.kind === wide.kind && narrow.value === wide.value && (!a.ignoreCase || b.ignoreCase)) return true;
  if (a.ignoreCase && !b.ignoreCase && hasCase(a.head)) return false;
  const fold = (text: string) => (b.ignoreCase ? text.toLowerCase() : text);
  const [x, y] = [fold(a.head), fold(b.head)];
  if (a.tail === 'whole') return pathHolds(wide, a.head, compileRe2);
  if (b.tail === 'anything') return x.startsWith(y);
  if (b.tail === 'segment') return x.startsWith(`${y}/`) || (a.tail === 'segment' && x === y);
  return false;
}

/** Whether no path can satisfy both. Sound, not complete. */
export function pathExcludes(p: PathMatch, q: PathMatch): boolean {
  const [a, b] = [known(p), known(q)];
  if (a.tail === 'whole' && !a.ignoreCase) return !pathHolds(q, a.head, compileRe2);
  if (b.tail === 'whole' && !b.ignoreCase) return !pathHolds(p, b.head, compileRe2);
  const fold = (text: string) => (a.ignoreCase || b.ignoreCase ? text.toLowerCase() : text);
  const [x, y] = [fold(a.head), fold(b.head)];
  const under = (longer: string, shorter: Known, head: string) =>
    shorter.tail === 'whole' ? false : longer.startsWith(shorter.tail === 'segment' ? `${head}/` : head);
  return x === y ? false : !under(x, b, y) && !under(y, a, x);
}

function known(path: PathMatch): Known {
  const ignoreCase = path.kind !== 'regex' && path.ignoreCase === true;
  if (path.kind === 'exact') return { head: path.value, tail: 'whole', ignoreCase };
  if (path.kind === 'rawPrefix') return { head: path.value, tail: 'anything', ignoreCase };
  if (path.kind === 'segmentPrefix')
    return { head: path.value.endsWith('/') ? path.value.slice(0, -1) : path.value, tail: 'segment', ignoreCase };
  const shape = regexShape(path.value);
  if (shape?.kind === 'exact') return { head: shape.text, tail: 'whole', ignoreCase };
  if (shape?.kind === 'prefix') return { head: shape.text, tail: 'anything', ignoreCase };
  return { head: shape?.kind === 'starts' ? shape.text : '', tail: 'something', ignoreCase };
}

const hasCase = (text: string) => text.toLowerCase() !== text.toUpperCase();
