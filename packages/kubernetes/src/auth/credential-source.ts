import type { ResolvedContext } from '../kubeconfig/context.js';
import { type LoadAuthenticator, loadAuthenticator } from './authenticators.js';
import type { CredentialSource, Credentials } from './credentials.js';
import { impersonationHeaders } from './impersonation.js';
import { pluginCredentials } from './plugin.js';
import { readable } from './readable.js';

/** As long as client-go trusts what it read from a token file, in ms (client-go, transport/token_source.go). */
const TOKEN_FILE_MS = 60_000;

export function createCredentialSource(context: ResolvedContext, load: LoadAuthenticator = loadAuthenticator): CredentialSource {
  const { user } = context;
  const plugin = user.exec === undefined && user.authProvider === undefined ? undefined : pluginCredentials(context, load);
  let running: Promise<Credentials> | undefined;
  let token: { readonly value: string; readonly readAt: number } | undefined;
  let pair: Pick<Credentials, 'cert' | 'key'> | undefined;

  async function bearer(): Promise<string | undefined> {
    if (user.tokenFile === undefined) return user.token;
    const now = performance.now();
    if (token === undefined || now - token.readAt > TOKEN_FILE_MS) {
      token = { value: (await readable(user.tokenFile, 'the token file', context)).toString('utf8').trim(), readAt: now };
    }
    return token.value;
  }

  async function gather(): Promise<Credentials> {
    pair ??= await clientCertificate(context);
    const given = await plugin?.get();
    const bearerToken = await bearer();
    const authorization =
      bearerToken !== undefined
        ? `Bearer ${bearerToken}`
        : user.username !== undefined
          ? `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`
          : undefined;
    return {
      ...pair,
      ...given,
      headers: {
        ...(authorization === undefined ? {} : { Authorization: authorization }),
        ...given?.headers,
        ...impersonationHeaders(user.impersonation),
      },
    };
  }

  return {
    get() {
      running ??= gather().finally(() => {
        running = undefined;
      });
      return running;
    },
    forget() {
      token = undefined;
      pair = undefined;
      plugin?.forget();
      return plugin !== undefined || user.tokenFile !== undefined || user.certFile !== undefined;
    },
  };
}

async function clientCertificate(context: ResolvedContext): Promise<Pick<Credentials, 'cert' | 'key'>> {
  const { certData, certFile, keyData, keyFile } = context.user;
  const pem = async (data: string | undefined, file: string | undefined, what: string) =>
    data !== undefined ? Buffer.from(data, 'base64') : file === undefined ? undefined : await readable(file, what, context);
  const cert = await pem(certData, certFile, 'the client certificate');
  const key = await pem(keyData, keyFile, "the client certificate's key");
  return { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}
