import { inputError, type UserError } from '../errors/user-error.js';
import { compileRe2 } from '../evaluate/re2.js';
import type { Match, NamedMatch, PathMatch, Str } from '../model/match.js';
import { strExcludes } from './overlap-str.js';
import { describeInvalidRe2 } from './regex-position.js';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_FORMS = '`name=value`, `name=~regex`, `name^=prefix`, `name` (present) or `!name` (absent)';

/**
 * The match that flags describe: all of them must hold. Header names are put in lower case.
 * `headers`: one of `name=value`, `name=~re2`, `name^=prefix`, `name`, `!name` each. `path`: `=exact`, `^=prefix` (by segments) or
 * `~re2`; `method` likewise. No flag at all: `{}`, every request.
 * Throws a usage error `bad-match` naming the flag; for a pattern with the position that RE2 stumbles over.
 */
export function parseMatchFlags(flags: { readonly headers?: readonly string[]; readonly path?: string; readonly method?: string }): Match {
  const headers = (flags.headers ?? []).map(parseHeader);
  rejectContradictions(headers);
  return {
    ...(flags.path === undefined ? {} : { path: parsePath(flags.path) }),
    ...(flags.method === undefined ? {} : { method: parseMethod(flags.method) }),
    ...(headers.length === 0 ? {} : { headers }),
  };
}

function parseHeader(text: string): NamedMatch {
  const equals = text.indexOf('=');
  if (equals < 0) {
    const absent = text.startsWith('!');
    const name = headerName(absent ? text.slice(1) : text, text);
    return { name, is: absent ? { absent: true } : { present: true } };
  }
  const prefix = text[equals - 1] === '^';
  const regex = !prefix && text[equals + 1] === '~';
  const name = headerName(text.slice(0, prefix ? equals - 1 : equals), text);
  const value = text.slice(equals + (regex ? 2 : 1));
  const path = `--header ${name}`;
  if (value === '') throw bad(path, 'a value after the `=` (for presence alone write the bare name)', text);
  if (regex) return { name, is: { regex: pattern(path, value) } };
  if (/^[ \t]|[ \t]$/.test(value)) throw bad(path, 'a value without spaces at its ends, since HTTP drops them', text);
  if (hasControl(value)) throw bad(path, 'a value on one line', text);
  return { name, is: prefix ? { prefix: value } : { exact: value } };
}

function headerName(name: string, whole: string): string {
  if (name.startsWith('!')) throw bad('--header', `one of ${HEADER_FORMS}`, whole);
  if (!TOKEN.test(name)) throw bad('--header', `a header name in one of ${HEADER_FORMS}`, whole);
  const lower = name.toLowerCase();
  if (lower === 'host') throw bad('--header', 'another header than Host, which the mesh uses to find the service', whole);
  return lower;
}

function parsePath(text: string): PathMatch {
  const { operator, value } = operatorOf('--path', text, ['=/api/users', '^=/api', '~/api/v[12]/.*']);
  if (operator === '~') return { kind: 'regex', value: pattern('--path', value) };
  if (!value.startsWith('/')) throw bad('--path', 'a path that begins with `/`', text);
  if (/[?#\s]/.test(value) || hasControl(value)) throw bad('--path', 'a path without query, fragment or spaces', text);
  if (operator === '=') return { kind: 'exact', value };
  // By segments, so that `/api/` says no more than `/api`; some meshes refuse the former.
  return { kind: 'segmentPrefix', value: value.replace(/(?<=.)\/+$/, '') };
}

function parseMethod(text: string): Str {
  const { operator, value } = operatorOf('--method', text, ['=GET', '^=P', '~GET|HEAD']);
  if (operator === '~') return { regex: pattern('--method', value) };
  if (!TOKEN.test(value)) throw bad('--method', 'an HTTP method', text);
  return operator === '=' ? { exact: value } : { prefix: value };
}

function operatorOf(path: string, text: string, examples: readonly string[]): { operator: '=' | '^=' | '~'; value: string } {
  // `=~` is how the header flag spells a regex; neither a path nor a method begins with `~`.
  const [, written = '', value = ''] = /^(=~|\^=|=|~)(.+)$/s.exec(text) ?? [];
  if (value === '') throw bad(path, `one of ${examples.map((example) => `\`${example}\``).join(', ')}`, text);
  return { operator: written === '=~' ? '~' : written === '=' || written === '^=' ? written : '~', value };
}

function pattern(path: string, value: string): string {
  const compiled = compileRe2(value);
  if ('invalid' in compiled) throw bad(path, 'an RE2 pattern', value, describeInvalidRe2(value, compiled.invalid));
  return value;
}

/** Two conditions on one header that nothing can satisfy are a slip, not a wish. */
function rejectContradictions(headers: readonly NamedMatch[]): void {
  headers.forEach((one, index) => {
    const other = headers.slice(index + 1).find(({ name, is }) => name === one.name && strExcludes(one.is, is));
    if (other === undefined) return;
    throw inputError('bad-match', {
      path: `--header ${one.name}`,
      expected: 'conditions that one value can satisfy, since repeated flags must all hold',
      received: 'two that exclude each other',
    });
  });
}

function bad(path: string, expected: string, received: string, because?: string): UserError {
  const why = because === undefined ? '' : ` (${because})`;
  return inputError('bad-match', { path, expected, received: `${JSON.stringify(received)}${why}` });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const hasControl = (value: string) => /[\0-\x1f\x7f]/.test(value);
