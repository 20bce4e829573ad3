import type { KubeObject } from '@heddle/core';
import { dump } from 'js-yaml';
import { sentence } from '../errors/sentence.js';
import type { LossDocument } from '../services/routes-file/render.js';

/** Objects as a file of YAML documents, each behind `---`, to be kept in Git and given to kubectl. */
export function yamlDocuments(objects: readonly KubeObject[]): string {
  return objects.map((object) => `---\n${dump(object, { noRefs: true, lineWidth: -1 })}`).join('');
}

/** How many kinds of requests a loss names. */
const NAMED = 3;

/** What the objects do not say, of which requests, and what to do about it; a loss that several rules have is told once. */
export function lossTexts(losses: readonly LossDocument[]): readonly string[] {
  const groups = Map.groupBy(losses, ({ service, message }) => `${service.namespace}/${service.name} ${message}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { service, message, instead } = first;
    const requests = [...new Set(group.flatMap((loss) => loss.requests ?? []))];
    const more = requests.length - NAMED;
    const which = [...requests.slice(0, NAMED), ...(more > 0 ? [`${more} more`] : [])].join('; ');
    const where = `${service.namespace}/${service.name}${which === '' ? '' : ` (${which})`}`;
    return [[`${where}: ${sentence(message)}`, ...(instead === undefined ? [] : [sentence(instead)])].join(' ')];
  });
}
