import { inputError, type UserError } from '../errors/user-error.js';
import type { Match, NamedMatch, PathMatch, Str } from '../model/match.js';
import {
  type ConditionFault,
  contradictory,
  headerNameFault,
  headerValueFault,
  methodFault,
  pathFault,
  patternFault,
  queryFault,
  segmentPrefixOf,
} from './condition-faults.js';

const FORMS = '`name=value`, `name=~regex`, `name^=prefix`, `name` (present) or `!name` (absent)';

/**
 * The match that flags describe: all of them must hold. Header names are put in lower case.
 * `headers`: one of `name=value`, `name=~re2`, `name^=prefix`, `name`, `!name` each; `query` likewise, of parameters as they are sent, not
 * decoded. `path`: `=exact`, `^=prefix` (by segments) or `~re2`; `method` likewise. No flag at all: `{}`, every request.
 * Throws a usage error `bad-match` naming the flag; for a pattern with the position that RE2 stumbles over.
 */
export function parseMatchFlags(flags: {
  readonly headers?: readonly string[];
  readonly query?: readonly string[];
  readonly path?: string;
  readonly method?: string;
}): Match {
  const headers = (flags.headers ?? []).map((text) => parseNamed(text, HEADER));
  const query = (flags.query ?? []).map((text) => parseNamed(text, QUERY));
  rejectContradictions(headers, HEADER);
  rejectContradictions(query, QUERY);
  return {
    ...(flags.path === undefined ? {} : { path: parsePath(flags.path) }),
    ...(flags.method === undefined ? {} : { method: parseMethod(flags.method) }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(query.length === 0 ? {} : { query }),
  };
}

/** A flag that takes conditions on something with a name. */
interface NamedFlag {
  readonly flag: string;
  readonly what: string;
  readonly nameFault: (name: string) => ConditionFault | undefined;
  readonly valueFault: (value: string) => ConditionFault | undefined;
  readonly key: (name: string) => string;
}

const HEADER: NamedFlag = {
  flag: '--header',
  what: 'a header name',
  nameFault: headerNameFault,
  valueFault: headerValueFault,
  key: (name) => name.toLowerCase(),
};

const QUERY: NamedFlag = {
  flag: '--query',
  what: "a parameter's name",
  nameFault: queryFault,
  valueFault: queryFault,
  key: (name) => name,
};

function parseNamed(text: string, named: NamedFlag): NamedMatch {
  const equals = text.indexOf('=');
  if (equals < 0) {
    const absent = text.startsWith('!');
    const name = nameIn(absent ? text.slice(1) : text, text, named);
    return { name, is: absent ? { absent: true } : { present: true } };
  }
  const prefix = text[equals - 1] === '^';
  const regex = !prefix && text[equals + 1] === '~';
  const name = nameIn(text.slice(0, prefix ? equals - 1 : equals), text, named);
  const value = text.slice(equals + (regex ? 2 : 1));
  const path = `${named.flag} ${name}`;
  if (value === '') throw bad(path, 'a value after the `=` (for presence alone write the bare name)', text);
  if (regex) return { name, is: { regex: pattern(path, value) } };
  refuse(path, named.valueFault(value), text);
  return { name, is: prefix ? { prefix: value } : { exact: value } };
}

function nameIn(name: string, whole: string, { flag, what, nameFault, key }: NamedFlag): string {
  if (name.startsWith('!')) throw bad(flag, `one of ${FORMS}`, whole);
  const fault = nameFault(name);
  if (name === '' || fault?.expected === what) throw bad(flag, `${what} in one of ${FORMS}`, whole);
  refuse(flag, fault, whole);
  return key(name);
}

function parsePath(text: string): PathMatch {
  const { operator, value } = operatorOf('--path', text, ['=/api/users', '^=/api', '~/api/v[12]/.*']);
  if (operator === '~') return { kind: 'regex', value: pattern('--path', value) };
  refuse('--path', pathFault(value), text);
  return operator === '=' ? { kind: 'exact', value } : { kind: 'segmentPrefix', value: segmentPrefixOf(value) };
}

function parseMethod(text: string): Str {
  const { operator, value } = operatorOf('--method', text, ['=GET', '^=P', '~GET|HEAD']);
  if (operator === '~') return { regex: pattern('--method', value) };
  refuse('--method', methodFault(value), text);
  return operator === '=' ? { exact: value } : { prefix: value };
}

function operatorOf(path: string, text: string, examples: readonly string[]): { operator: '=' | '^=' | '~'; value: string } {
  // `=~` is how the header flag spells a regex; neither a path nor a method begins with `~`.
  const [, written = '', value = ''] = /^(=~|\^=|=|~)(.+)$/s.exec(text) ?? [];
  if (value === '') throw bad(path, `one of ${examples.map((example) => `\`${example}\``).join(', ')}`, text);
  return { operator: written === '=~' ? '~' : written === '=' || written === '^=' ? written : '~', value };
}

function pattern(path: string, value: string): string {
  refuse(path, patternFault(value), value);
  return value;
}

function rejectContradictions(conditions: readonly NamedMatch[], { flag }: NamedFlag): void {
  const name = contradictory(conditions);
  if (name === undefined) return;
  throw inputError('bad-match', {
    path: `${flag} ${name}`,
    expected: 'conditions that one value can satisfy, since repeated flags must all hold',
    received: 'two that exclude each other',
  });
}

function refuse(path: string, fault: ConditionFault | undefined, received: string): void {
  if (fault !== undefined) throw bad(path, fault.expected, received, fault.because);
}

function bad(path: string, expected: string, received: string, because?: string): UserError {
  const why = because === undefined ? '' : ` (${because})`;
  return inputError('bad-match', { path, expected, received: `${JSON.stringify(received)}${why}` });
}
