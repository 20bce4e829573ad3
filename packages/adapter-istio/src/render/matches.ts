import { type Match, type MeshEnvironment, type NamedMatch, orEvery, type PathMatch, type Str } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { type Condition, conditionsOf } from '../encode/condition.js';
import { intersect } from '../encode/intersect.js';
import { refuseRegex } from '../encode/string-match.js';
import type { Lose } from './losses.js';

/** A match in Istio's words; a segment prefix is two of them. */
export interface WrittenMatch {
  readonly raw: Raw;
  /** The path condition that it stands for, and how it is asked here: a rewrite replaces what that covers. */
  readonly path: PathMatch | undefined;
  readonly asked: Condition['path'];
}

/** The matches of a rule one after the other; those that Istio cannot ask for are left out and lost. */
export function writtenMatches(matches: readonly Match[], env: MeshEnvironment, lose: Lose): readonly WrittenMatch[] {
  return orEvery(matches).flatMap((match) => {
    const plain = plainMatch(match);
    if (plain === undefined) return [];
    const conditions = conditionsOf(plain, env);
    if ('refused' in conditions) {
      for (const { code, message, instead } of conditions.refused) lose(code, `${message}; ${LEFT_OUT}`, instead);
      return [];
    }
    return conditions.ok.flatMap((condition): readonly WrittenMatch[] => {
      const met = intersect(match.name === undefined ? {} : { name: match.name }, condition, {
        where: 'the rule',
        rewritesMatchedPath: false,
      });
      if (met === 'never') return [];
      if ('refused' in met) {
        for (const { code, message, instead } of met.refused) lose(code, `${message}; ${LEFT_OUT}`, instead);
        return [];
      }
      return [{ raw: met.match, path: plain.path, asked: condition.path }];
    });
  });
}

export const LEFT_OUT = 'the condition is left out with its requests, so that later rules decide them';

/** Whether nothing is asked of a request. */
export const isEvery = (raw: Raw): boolean => Object.keys(raw).every((key) => key === 'name');

/** Without what every request satisfies, and in words that Istio takes; `undefined`: no request satisfies it. */
function plainMatch(match: Match): Match | undefined {
  const { path, headers = [], query = [] } = match;
  if (path !== undefined && isNoPath(path)) return undefined;
  if ([...headers, ...query].some(({ is }) => isNever(is))) return undefined;
  const { path: _path, ...rest } = match;
  return {
    ...(path === undefined || path.value === '' ? rest : match),
    ...(headers.length === 0 ? {} : { headers: headers.flatMap(plainNamed) }),
    ...(query.length === 0 ? {} : { query: query.flatMap(plainNamed) }),
  };
}

/** Paths begin with a slash. */
function isNoPath({ kind, value }: PathMatch): boolean {
  if (kind === 'regex') return value === '' || isInvalid(value);
  return kind === 'exact' ? !value.startsWith('/') : value !== '' && !value.startsWith('/');
}

/** A pattern that is none fits nothing, and what is absent begins with nothing too. */
const isNever = (is: Str): boolean => ('regex' in is && isInvalid(is.regex)) || ('not' in is && 'prefix' in is.not && is.not.prefix === '');

const isInvalid = (regex: string): boolean =>
  regex !== '' && refuseRegex(regex, '')?.refused.some(({ code }) => code === 'invalid-regex') === true;

const plainNamed = ({ name, is }: NamedMatch): readonly NamedMatch[] =>
  'not' in is && isNever(is.not) ? [] : [{ name, is: plainStr(is) }];

function plainStr(is: Str): Str {
  if ('prefix' in is && is.prefix === '') return { present: true };
  if ('regex' in is && is.regex === '') return { exact: '' };
  return 'not' in is && 'regex' in is.not ? { not: plainStr(is.not) } : is;
}
