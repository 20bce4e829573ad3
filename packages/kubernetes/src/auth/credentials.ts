export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** What one request carries to say who makes it. PEM. */
export interface Credentials {
  readonly headers: Headers;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
}

export interface CredentialSource {
  /** Runs a login program or reads a file when it must; shared by requests that ask at the same time. Throws `ClusterError` `Unauthorized`. */
  get(): Promise<Credentials>;
  /** The server refused what `get` gave: forget it. False when another `get` would give the same again. */
  forget(): boolean;
}
