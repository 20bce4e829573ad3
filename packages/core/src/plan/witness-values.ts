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
  return [
    ...(paths.length === 0 ? [] : [pathSlot(paths, regexes)]),
    ...singles,
    ...namedSlots(
      'header',
      matches.flatMap(({ headers }) => headers ?? []),
      regexes,
    ),
    ...namedSlots(
      'query',
      matches.flatMap(({ query }) => query ?? []),
      regexes,
    ),
  ];
}

function namedSlots(kind: 'header' | 'query', conditions: readonly NamedMatch[], regexes: Regexes): readonly Slot[] {
  const byName = groupBy(conditions, ({ name }) => name);
  return [...byName].map(([name, list]) =>
    strSlot(
      `${kind} ${name}`,
      list.map(({ is }) => is),
      regexes,
    ),
  );
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

function strSlot(place: string, conditions: readonly Str[], regexes: Regexes): Slot {
  const tried = candidates(place, conditions, regexes);
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
  // Conditions that no one value satisfies may be met by a header that is sent once for each.
  const oneEach = conditions.length < 2 ? [] : [conditions.flatMap((is) => strValues(is, regexes).slice(0, 1))];
  return place.startsWith('header ')
    ? [...named.filter(sendable), ...oneEach, [first, OTHER]]
    : named.filter((value) => plainInQuery(value));
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
