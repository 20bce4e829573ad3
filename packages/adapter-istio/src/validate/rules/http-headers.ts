import { pointerTo } from '@heddle/core';
import type { HttpRule } from '../schema/virtual-service.js';
import { changedHeaderFault, headerValueFault, isAuthority, setHeaderFault } from '../values/header.js';
import { eachIf, type Report } from './report.js';

type Headers = HttpRule['headers'];

/** What a rule, or one of its destinations, does to headers (istio/istio `pkg/config/validation/virtualservice.go`, validateHTTPRoute, 1.31). */
export function headersFaults(headers: Headers, pointer: string, report: Report): void {
  for (const side of ['request', 'response'] as const) {
    const changes = headers?.[side];
    const nameFault = side === 'request' ? setHeaderFault : changedHeaderFault;
    for (const how of ['add', 'set'] as const) {
      for (const [name, value] of Object.entries(changes?.[how] ?? {})) {
        const at = pointerTo(`${pointer}/${side}/${how}`, name);
        report(at, nameFault(name));
        report(at, headerValueFault(value));
      }
    }
    eachIf(changes?.remove, `${pointer}/${side}/remove`, changedHeaderFault, report);
  }
}

/** The host is changed in one place only (validateAuthorityRewrite). */
export function authorityFault({ rewrite, headers }: HttpRule): string | undefined {
  const { set = {}, add = {} } = headers?.request ?? {};
  const changed = [...Object.entries(set), ...Object.entries(add)].filter(([name]) => isAuthority(name)).map(([, value]) => value);
  const before = [rewrite?.authority ?? '', ...changed.slice(0, -1)];
  if (changed.length === 0 || before.every((value) => value === '')) return undefined;
  return 'changes the authority in more than one place';
}
