import { type KubeObject, type Labels, metaOf } from '@heddle/core';
import { dig } from '../dig.js';
import { badRequest } from './api-error.js';

/** Which objects of a kind a list or watch is about. */
export interface Filter {
  readonly namespace?: string | undefined;
  /** As in a list's query parameter: `a=b,c!=d,e in (f,g),!h`. */
  readonly labelSelector?: string | undefined;
  /** `metadata.name=x`, `metadata.namespace=y`, for pods also status.phase and spec.nodeName. */
  readonly fieldSelector?: string | undefined;
}

const FIELDS = ['metadata.name', 'metadata.namespace', 'status.phase', 'spec.nodeName'];
const KEY = '(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)';
const SET = new RegExp(`^${KEY}\\s+(?<op>in|notin)\\s+\\((?<values>[^()]*)\\)$`);
const EQUAL = new RegExp(`^${KEY}\\s*(?<op>==|=|!=)\\s*(?<values>[-A-Za-z0-9_.]*)$`);
const EXISTS = new RegExp(`^(?<not>!?)\\s*${KEY}$`);

/** Splits at commas outside of parentheses. */
const terms = (selector = '') =>
  selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '');

function labelTerm(term: string): (labels: Labels) => boolean {
  const { key = '', op, not, values = '' } = (SET.exec(term) ?? EQUAL.exec(term) ?? EXISTS.exec(term))?.groups ?? {};
  if (key === '') throw badRequest(`unable to parse requirement: '${term}'`);
  if (op === undefined) return (labels) => key in labels !== (not === '!');
  const wanted = values.split(',').map((value) => value.trim());
  return (labels) => (key in labels && wanted.includes(labels[key] ?? '')) !== (op === 'notin' || op === '!=');
}

function fieldTerm(term: string): (object: KubeObject) => boolean {
  const [, path = term, op, value = ''] = /^([A-Za-z.]+)(==|=|!=)(.*)$/.exec(term) ?? [];
  if (!FIELDS.includes(path)) throw badRequest(`field label not supported: ${path}`);
  return (object) => ((dig(object, path) ?? '') === value) !== (op === '!=');
}

/** Throws 400 for what cannot be parsed. */
export function compileFilter({ namespace, labelSelector, fieldSelector }: Filter): (object: KubeObject) => boolean {
  const labels = terms(labelSelector).map(labelTerm);
  const fields = terms(fieldSelector).map(fieldTerm);
  return (object) => {
    const meta = metaOf(object);
    if (namespace !== undefined && meta.namespace !== namespace) return false;
    return labels.every((test) => test(meta.labels)) && fields.every((test) => test(object));
  };
}
