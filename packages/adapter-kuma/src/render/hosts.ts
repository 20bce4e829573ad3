/** The Service that a full name stands for; `undefined`: none of the cluster's. */
export function serviceOfHost(host: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc(?:\..+)?$/.exec(host) ?? [];
  return name === undefined || namespace === undefined ? undefined : { namespace, name };
}
