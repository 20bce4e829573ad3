/** The path of a kind's collection or of one object in it. */
export function resourcePath(where: {
  readonly apiVersion: string;
  readonly plural: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string;
}): string {
  const { apiVersion, plural, namespace, name, subresource } = where;
  const root = apiVersion.includes('/') ? ['apis', ...apiVersion.split('/')] : ['api', apiVersion];
  return [
    '',
    ...root,
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ]
    .map(encodeURIComponent)
    .join('/');
}
