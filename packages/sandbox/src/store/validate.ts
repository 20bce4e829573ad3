import { type KubeObject, metaOf } from '@heddle/core';
import { invalid } from './api-error.js';
import type { KindSpec } from './kinds.js';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const VALUE = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
const LABEL_TEXT = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc'`;
const SUBDOMAIN_TEXT = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com'`;
const VALUE_TEXT = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345'`;

/** The server's rules for names and label values; throws 422. */
export function validateMeta(kind: KindSpec, object: KubeObject): void {
  const { name, labels, namespace } = metaOf(object);
  const check = (field: string, value: string, pattern: string, most: number, text: string) => {
    const fits = new RegExp(`^(${pattern})$`).test(value);
    if (fits && value.length <= most) return;
    const why = fits ? `must be no more than ${most} bytes` : `${text}, regex used for validation is '${pattern}')`;
    throw invalid(kind, { namespace, name }, field, `Invalid value: "${value}": ${why}`);
  };
  if (kind.kind === 'Service' || kind.kind === 'Namespace') check('metadata.name', name, LABEL, 63, LABEL_TEXT);
  else check('metadata.name', name, SUBDOMAIN, 253, SUBDOMAIN_TEXT);
  for (const value of Object.values(labels)) check('metadata.labels', value, VALUE, 63, VALUE_TEXT);
}
