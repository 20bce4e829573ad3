import type { Impersonation } from '../kubeconfig/user.js';
import type { Headers } from './credentials.js';

/** `as`, `as-uid`, `as-groups` and `as-user-extra` as headers (kubernetes.io, "Authenticating": user impersonation). */
export function impersonationHeaders(impersonation: Impersonation | undefined): Headers {
  if (impersonation === undefined) return {};
  const { user, uid, groups, extra } = impersonation;
  return {
    ...(user === undefined ? {} : { 'Impersonate-User': user }),
    ...(uid === undefined ? {} : { 'Impersonate-Uid': uid }),
    ...(groups.length === 0 ? {} : { 'Impersonate-Group': groups }),
    ...Object.fromEntries(Object.entries(extra).map(([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, values])),
  };
}
