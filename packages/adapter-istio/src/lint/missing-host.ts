import { closest, type Severity } from '@heddle/core';
import type { Service } from '../decode/world-types.js';
import type { LintContext } from './context.js';

export interface MissingHost {
  readonly severity: Severity;
  readonly code: 'host-missing' | 'host-not-full';
  /** `there is no Service reviews in namespace shop`. */
  readonly text: string;
  readonly fix: string;
}

/**
 * Why a host is no Service, where it should be one; `undefined` when it is one, or the name of something outside the cluster. `stated`:
 * as the object has it, in `namespace`.
 */
export function missingHost(context: LintContext, host: string, stated: string, namespace: string): MissingHost | undefined {
  const { world } = context;
  if (host === '' || world.serviceByHost.has(host) || context.isAdded(host)) return undefined;
  const suffix = `.svc.${world.domain}`;
  if (!host.endsWith(suffix)) return notFull(world.services, host, stated);
  const [name = '', home = '', ...more] = host.slice(0, -suffix.length).split('.');
  // Every cluster has the API server's own Service.
  if (more.length > 0 || (name === 'kubernetes' && home === 'default')) return undefined;
  const complete = context.isComplete('Service', home);
  const near = closest(
    name,
    world.services.filter((service) => service.namespace === home).map((service) => service.name),
  );
  const elsewhere = world.services.find((service) => service.name === name);
  const isShort = !stated.includes('.');
  const text = `there is no Service ${name} in namespace ${home}${complete ? '' : ' among what was read'}${isShort && elsewhere !== undefined && home === namespace ? `, where the short name ${stated} is looked for` : ''}`;
  const fix =
    elsewhere !== undefined
      ? `write ${elsewhere.host} if the one in namespace ${elsewhere.namespace} is meant`
      : near !== undefined
        ? `did you mean ${near}?`
        : 'correct the name, or make the Service';
  const severity = complete ? 'error' : isShort && elsewhere !== undefined ? 'warning' : 'info';
  return { severity, code: 'host-missing', text, fix };
}

/** A name with a dot is taken literally, so `reviews.shop` is no Service (istio `pilot/pkg/model/config.go`, `ResolveShortnameToFQDN`). */
function notFull(services: readonly Service[], host: string, stated: string): MissingHost | undefined {
  const [name = '', namespace = '', ...rest] = host.split('.');
  if (rest.length > 0 && rest.join('.') !== 'svc') return undefined;
  const meant = services.find((service) => service.name === name && service.namespace === namespace);
  if (meant === undefined) return undefined;
  return {
    severity: 'error',
    code: 'host-not-full',
    text: `${stated} is taken literally, as every name with a dot is, and is not the Service's name in the mesh`,
    fix: `write ${meant.host}`,
  };
}
