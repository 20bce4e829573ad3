import { type KubeObject, type Labels, metaOf } from '@heddle/core';
import { dig } from '../dig.js';
import { badRequest } from './api-error.js';

/** Which objects of a kind a list or watch is about; selectors as in a list's query parameters. */
export interface Filter {
  readonly namespace?: string | undefined;
  /** `a=b,c!=d,e in (f,g),!h` */
  readonly labelSelector?: string | undefined;
  /** `metadata.name=x`; for pods also status.phase and spec.nodeName. */
  readonly fieldSelector?: string | undefined;
}

const FIELDS = ['metadata.name', 'metadata.namespace', 'status.phase', 'spec.nodeName'];
const KEY = '(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)';
const SET = `${KEY}\\s+(?<op>in|notin)\\s+\\((?<values>[^()]*)\\)`;
const EQUAL = `${KEY}\\s*(?<op>==|=|!=)\\s*(?<values>[-A-Za-z0-9_.]*)`;
const forms = [SET, EQUAL, `(?<not>!?)\\s*${KEY}`].map((form) => new RegExp(`^\\s*${form}\\s*$`));

/** The terms between commas outside of parentheses. */
const terms = (selector = '') => selector.split(/,(?![^(]*\))/).filter((term) => term.trim() !== '');

function labelTerm(term: string): (labels: Labels) => boolean {
  const found = forms.map((form) => form.exec(term)?.groups).find((groups) => groups !== undefined);
  if (found === undefined) throw badRequest(`unable to parse requirement: '${term}'`);
  const { key = '', op, not, values = '' } = found;
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
