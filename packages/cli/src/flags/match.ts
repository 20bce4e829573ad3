import { type Match, parseMatchFlags } from '@heddle/core';
import { Flags } from '@oclif/core';
import { listFlag } from './shared-flags.js';

/** Which requests are meant. */
export const matchFlags = {
  header: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Requests whose header fits: name=value, name=~regex, name^=prefix, name (present) or !name (absent).',
    helpValue: 'MATCH',
    env: 'HEDDLE_HEADER',
  }),
  path: Flags.string({
    summary: 'Requests whose path fits: =exact, ^=prefix (by segments) or ~regex.',
    helpValue: 'MATCH',
    env: 'HEDDLE_PATH',
  }),
  method: Flags.string({ summary: 'Requests whose method fits, for example =POST.', helpValue: 'MATCH', env: 'HEDDLE_METHOD' }),
  query: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Requests whose query parameter fits, in the forms of --header.',
    helpValue: 'MATCH',
    env: 'HEDDLE_QUERY',
  }),
};

/** The match that the flags describe; `undefined` where none of them was given. Throws `bad-match`. */
export function matchOf(flags: {
  readonly header?: unknown;
  readonly query?: unknown;
  readonly path?: string | undefined;
  readonly method?: string | undefined;
}): Match | undefined {
  const { path, method } = flags;
  const [headers, query] = [listFlag(flags.header), listFlag(flags.query)];
  if (headers.length + query.length === 0 && path === undefined && method === undefined) return undefined;
  return parseMatchFlags({ headers, query, ...(path === undefined ? {} : { path }), ...(method === undefined ? {} : { method }) });
}
