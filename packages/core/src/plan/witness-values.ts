import { pathHolds } from '../evaluate/match-request.js';
import type { Regexes } from '../evaluate/re2.js';
import { strHolds } from '../evaluate/str-condition.js';
import type { Match, NamedMatch, PathMatch, Str } from '../model/match.js';
import { groupBy } from './group-by.js';
import { regexExamples } from './regex-examples.js';

/** A value of one place in a request: a text, absence, or a header sent several times. */
export type Value = string | undefined | readonly string[];

/**
 * One place that a match looks at: `path`, `method`, `scheme`, `authority`, `header x-dev`, `query v`. `hits` satisfy all its
 * conditions there, `misses` just fail one; the first of each is the plainest.
 */
export interface Slot {
  readonly place: string;
  readonly hits: readonly Value[];
  readonly misses: readonly Value[];
}

const OTHER = 'heddle-other';
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'];

/** The places of one match, or of several taken together (all their conditions must hold). */
export function slotsOf(matches: readonly Match[], regexes: Regexes): readonly Slot[] {
  const paths = matches.flatMap(({ path }) => path ?? []);
  const singles = (['method', 'scheme', 'authority'] as const).flatMap((place) => {
    const conditions = matches.flatMap((match) => match[place] ?? []);
    return conditions.length === 0 ? [] : [strSlot(place, conditions, regexes)];
  });
  const named = (kind: 'header' | 'query', of: (match: Match) => readonly NamedMatch[] | undefined) =>
    namedSlots(
      kind,
      matches.flatMap((match) => of(match) ?? []),
      regexes,
      matches.length === 1,
    );
  return [
    ...(paths.length === 0 ? [] : [pathSlot(paths, regexes)]),
    ...singles,
    ...named('header', (match) => match.headers),
    ...named('query', (match) => match.query),
  ];
}

/**
 * Two conditions of one match that no one value satisfies may be met by a header that is sent once for each. Where two matches meet,
 * each header is taken to be sent once, as everywhere in a plan (see `overlapping`).
 */
function namedSlots(kind: 'header' | 'query', conditions: readonly NamedMatch[], regexes: Regexes, isOneMatch: boolean): readonly Slot[] {
  return [...groupBy(conditions, ({ name }) => name)].map(([name, list]) => {
    const all = list.map(({ is }) => is);
    const repeated = kind === 'header' && isOneMatch && all.length > 1 ? [all.flatMap((is) => strValues(is, regexes).slice(0, 1))] : [];
    return strSlot(`${kind} ${name}`, all, regexes, repeated);
  });
}

function pathSlot(conditions: readonly PathMatch[], regexes: Regexes): Slot {
  const tried = unique(conditions.flatMap((path) => pathValues(path, regexes)));
  const holds = (value: string) => conditions.every((path) => pathHolds(path, value.split('?')[0] ?? '', regexes));
  return { place: 'path', hits: tried.filter(holds), misses: tried.filter((value) => !holds(value)) };
}

function pathValues({ kind, value }: PathMatch, regexes: Regexes): readonly string[] {
  const near = (text: string) => [`${text}x`, `${text}/x`, swapCase(text), text.slice(0, -1), `${text}?heddle=1`, '/heddle-other', '/'];
  const usable = (text: string) => text.startsWith('/') && !/[?#\s]/.test(text);
  if (kind !== 'regex') return [value, ...near(value)].filter((text) => text.startsWith('/'));
  // What begins with anything may begin with a slash: tried, and kept where it matches.
  const any = regexExamples(value, undefined, regexes);
  const examples = [...regexExamples(value, usable, regexes), ...any.map((text) => `/${text}`)].filter(usable);
  return [...examples.flatMap((text, index) => (index === 0 ? [text, ...near(text)] : [text])), '/heddle-other', '/'].filter((text) =>
    text.startsWith('/'),
  );
}

function strSlot(place: string, conditions: readonly Str[], regexes: Regexes, more: readonly Value[] = []): Slot {
  const tried = [...candidates(place, conditions, regexes), ...more];
  const holds = (value: Value) => conditions.every((is) => strHolds(is, listed(value), regexes));
  return { place, hits: tried.filter(holds), misses: tried.filter((value) => !holds(value)) };
}

function candidates(place: string, conditions: readonly Str[], regexes: Regexes): readonly Value[] {
  const texts = unique(conditions.flatMap((is) => strValues(is, regexes)));
  const [first = OTHER] = texts;
  if (place === 'method') return unique([...texts, ...METHODS]).filter((text) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text));
  if (place === 'scheme') return ['http', 'https'];
  if (place === 'authority') return unique([...texts, OTHER]).filter((text) => text !== '');
  // What absence and emptiness do comes before other near misses: it is where meshes differ.
  const named: readonly Value[] = [...texts.slice(0, 1), undefined, ...texts.slice(1), '', OTHER];
  return place.startsWith('header ') ? [...named.filter(sendable), [first, OTHER]] : named.filter((value) => plainInQuery(value));
}

function strValues(is: Str, regexes: Regexes): readonly string[] {
  const near = (text: string) => [text, swapCase(text), `${text}x`, `x${text}`, text.slice(0, -1)];
  if ('exact' in is) return near(is.exact);
  if ('prefix' in is) return [`${is.prefix}x`, ...near(is.prefix)];
  if ('regex' in is) return regexExamples(is.regex, undefined, regexes).flatMap((text, index) => (index === 0 ? near(text) : [text]));
  return 'not' in is ? strValues(is.not, regexes) : [];
}

/** HTTP drops spaces at a value's ends, and a line break cannot be sent. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be sent
const sendable = (value: Value) => typeof value !== 'string' || !/^[ \t]|[ \t]$|[\0-\x08\x0a-\x1f\x7f]/.test(value);

const plainInQuery = (value: Value) => typeof value !== 'string' || !/[&#\s]/.test(value);

export function listed(value: Value): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function swapCase(text: string): string {
  return [...text].map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase())).join('');
}

const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];
