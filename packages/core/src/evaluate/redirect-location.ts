import type { PathMatch } from '../model/match.js';
import type { Redirect } from '../model/table.js';
import type { RequestView } from './request-view.js';
import { rewritePath } from './rewrite-path.js';

/**
 * The Location header of a redirect (envoy `source/common/router/config_impl.cc`, `newUri`): the original scheme, authority, path
 * and query unless the rule replaces them; a port that was the old scheme's default goes when the scheme changes.
 */
export function redirectLocation(redirect: Redirect, is: PathMatch | undefined, view: RequestView): string {
  const scheme = redirect.scheme ?? view.headers.scheme;
  const port = redirect.port === undefined ? '' : `:${redirect.port}`;
  const authority = redirect.authority ?? keptAuthority(view.request.authority, view.headers.forwardedProto, scheme, port !== '');
  return `${scheme}://${authority}${port}${redirectPath(redirect, is, view)}`;
}

function keptAuthority(authority: string, from: string, to: string, newPort: boolean): string {
  const parts = /^(.*[^:\]]|\[.*\])(:\d+)$/.exec(authority);
  if (parts === null) return authority;
  const [, host = '', port] = parts;
  const stale = from !== to && ((from.toLowerCase() === 'https' && port === ':443') || (from.toLowerCase() === 'http' && port === ':80'));
  return newPort || stale ? host : authority;
}

function redirectPath({ path }: Redirect, is: PathMatch | undefined, view: RequestView): string {
  if (path === undefined) return view.target;
  const written = 'full' in path && path.full.includes('?') ? path.full : rewritePath(view.target, is, path);
  return written.startsWith('/') ? written : `/${written}`;
}
