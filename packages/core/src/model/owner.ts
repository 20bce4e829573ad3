/** Whose a rule is. Foreign: anybody's but heddle's. */
export interface Owner {
  readonly kind: 'session' | 'route';
  /** The namespace of the service, where the owner's record (a Lease) is kept. */
  readonly namespace: string;
  readonly id: string;
}

/** `session/mesh-demo/t1a2b3c4`: for maps, markers in objects and messages. */
export function ownerKey(owner: Owner): string {
  return `${owner.kind}/${owner.namespace}/${owner.id}`;
}

export function parseOwnerKey(key: string): Owner | undefined {
  const [kind, namespace, id, more] = key.split('/');
  if ((kind !== 'session' && kind !== 'route') || !namespace || !id || more !== undefined) return undefined;
  return { kind, namespace, id };
}

export function sameOwner(a: Owner | 'foreign', b: Owner | 'foreign'): boolean {
  return a === 'foreign' || b === 'foreign' ? a === b : ownerKey(a) === ownerKey(b);
}
