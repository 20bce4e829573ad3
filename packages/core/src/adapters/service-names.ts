/** A Service as clients know it. */
export interface NamedService {
  readonly namespace: string;
  readonly name: string;
  /** Its full name in the cluster: `name.namespace.svc.cluster.local`. */
  readonly host: string;
  /** Its cluster IPs. */
  readonly addresses: readonly string[];
}

/** What clients everywhere may dial to reach a Service (Kubernetes, DNS for Services); its bare name holds in its own namespace only. */
export function serviceAddresses({ namespace, name, host, addresses }: NamedService): readonly string[] {
  const short = `${name}.${namespace}`;
  return [host, `${short}.svc`, short, ...addresses];
}

/** The Services that a host may mean; a bare name means one in each namespace that has it. */
export function servicesNamed<S extends NamedService>(services: readonly S[], host: string): readonly S[] {
  if (!host.includes('.')) return services.filter(({ name }) => name === host);
  return services.filter((service) => serviceAddresses(service).includes(host));
}

/** Splits `host`, `host:port`, `[v6]:port`, in lower case and without the dot that ends a full name. */
export function splitHostPort(written: string): { readonly host: string; readonly port: number | undefined } {
  const parts = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(written.toLowerCase());
  return { host: (parts?.[1] ?? written).replace(/\.$/, ''), port: parts?.[2] === undefined ? undefined : Number(parts[2]) };
}
