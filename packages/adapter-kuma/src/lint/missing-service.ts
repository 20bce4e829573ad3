import { closest, labelText, type Severity } from '@heddle/core';
import { SERVICE_TAG, versionTags } from '../decode/tags.js';
import type { Tags } from '../decode/world-types.js';
import { parseServiceTag, serviceTag } from '../owned/ownership.js';
import type { LintContext } from './context.js';
import { serviceOfTag } from './targets.js';

export interface TagFault {
  readonly severity: Severity;
  readonly code: 'service-missing' | 'tag-without-pods';
  readonly text: string;
  readonly fix: string;
  /** The tag that is wrong. */
  readonly key: string;
}

/** Why no proxy has the `kuma.io/service` of a mesh; `undefined` when one may have it. */
export function missingService(context: LintContext, mesh: string, tag: string): TagFault | undefined {
  const meant = parseServiceTag(tag);
  if (meant === undefined || context.world.externalServices.has(`${mesh}/${tag}`)) return undefined;
  const { name, namespace, port } = meant;
  const service = context.service(namespace, name);
  const base = { code: 'service-missing', key: SERVICE_TAG } as const;
  if (service === undefined) {
    // The workload of Pods that no Service selects has a tag without a port.
    if (port === undefined) return undefined;
    const there = context.servicesIn(namespace);
    const complete = context.isLive || there.length > 0;
    const near = closest(
      name,
      there.map((one) => one.name),
    );
    const text = `there is no Service ${namespace}/${name}${complete ? '' : ' among what was read'}, so nobody has the tag ${tag}`;
    const fix = near === undefined ? 'correct the tag: NAME_NAMESPACE_svc_PORT' : `did you mean ${tag.replace(name, near)}?`;
    return { ...base, severity: complete ? 'error' : 'info', text, fix };
  }
  if (port === undefined || service.ports.some(({ number }) => number === port)) return undefined;
  const tags = service.ports.map(({ number }) => serviceTag({ namespace, name, port: number }));
  const text = `Service ${namespace}/${name} has no port ${port}, so nobody has the tag ${tag}`;
  return { ...base, severity: 'error', text, fix: `write ${tags.join(' or ')}` };
}

/** Why requests that are sent to these tags find nobody. */
export function tagsWithoutPods(context: LintContext, mesh: string, tags: Tags): TagFault | undefined {
  const missing = missingService(context, mesh, tags[SERVICE_TAG] ?? '');
  if (missing !== undefined) return { ...missing, text: `${missing.text}: requests get 503` };
  const service = serviceOfTag(context, tags[SERVICE_TAG]);
  const labels = Object.fromEntries(Object.entries(versionTags(tags)).filter(([key]) => !key.includes('kuma.io/')));
  const [key] = Object.keys(labels);
  if (service === undefined || key === undefined || !context.pods.known(service.namespace)) return undefined;
  const behind = context.pods.selected(service.namespace, service.selector);
  if (behind.every(({ ready }) => !ready)) return undefined;
  const having = behind.filter((pod) => Object.entries(labels).every(([name, value]) => pod.labels[name] === value));
  if (having.some(({ ready }) => ready)) return undefined;
  const what = `of Service ${service.namespace}/${service.name} has ${labelText(labels)}: requests that are sent there get 503`;
  const base = { severity: 'error', code: 'tag-without-pods', key } as const;
  if (having.length > 0)
    return { ...base, text: `no ready Pod ${what}`, fix: `see why: kubectl describe pod ${having[0]?.name} -n ${service.namespace}` };
  const values = [...new Set(behind.map((pod) => pod.labels[key] ?? 'none'))].sort();
  return { ...base, text: `no Pod ${what}`, fix: `those behind it have ${key}: ${values.join(', ')}` };
}
