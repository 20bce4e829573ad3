import { resolve } from 'node:path';
import { isRecord } from '@heddle/core';
import { type Entry, invalid, recordOf, textOf, textsOf } from './entries.js';

export interface ExecEntry {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint?: string;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
}

export interface Impersonation {
  readonly user?: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** Who logs in. Paths are absolute; data is base64 PEM and counts more than the file beside it. */
export interface UserEntry {
  readonly name: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly certData?: string;
  readonly certFile?: string;
  readonly keyData?: string;
  readonly keyFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly impersonation?: Impersonation;
  readonly exec?: ExecEntry;
  readonly authProvider?: { readonly name: string; readonly config: Readonly<Record<string, unknown>> };
}

export function readUser(entry: Entry): UserEntry {
  const optional = <K extends string, T>(key: K, value: T | undefined) => (value === undefined ? {} : { [key]: value });
  return {
    name: entry.name,
    ...optional('token', textOf(entry, 'token')?.trim()),
    ...optional('tokenFile', pathOf(entry, 'tokenFile')),
    ...optional('certData', textOf(entry, 'client-certificate-data')),
    ...optional('certFile', pathOf(entry, 'client-certificate')),
    ...optional('keyData', textOf(entry, 'client-key-data')),
    ...optional('keyFile', pathOf(entry, 'client-key')),
    ...optional('username', textOf(entry, 'username')),
    ...optional('password', textOf(entry, 'password')),
    ...optional('impersonation', readImpersonation(entry)),
    ...optional('exec', readExec(entry)),
    ...optional('authProvider', readAuthProvider(entry)),
  };
}

/** A path field, made absolute from the kubeconfig's directory. */
export function pathOf(entry: Entry, key: string): string | undefined {
  const path = textOf(entry, key);
  return path === undefined ? undefined : resolve(entry.directory, path);
}

function readImpersonation(entry: Entry): Impersonation | undefined {
  const user = textOf(entry, 'as');
  const uid = textOf(entry, 'as-uid');
  const groups = textsOf(entry, 'as-groups');
  const extra: Record<string, readonly string[]> = {};
  for (const [key, value] of Object.entries(recordOf(entry, 'as-user-extra') ?? {})) {
    if (!Array.isArray(value)) throw invalid(entry.where, `as-user-extra.${key}`, 'a list of strings', value);
    extra[key] = value.map(String);
  }
  if (user === undefined && uid === undefined && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  return { ...(user === undefined ? {} : { user }), ...(uid === undefined ? {} : { uid }), groups, extra };
}

/** client.authentication.k8s.io/v1. A command with a slash starts at the kubeconfig's directory, any other is looked up in PATH. */
function readExec(entry: Entry): ExecEntry | undefined {
  const body = recordOf(entry, 'exec');
  if (body === undefined) return undefined;
  const exec: Entry = { ...entry, body, where: `${entry.where}.exec` };
  const command = textOf(exec, 'command');
  if (command === undefined) throw invalid(exec.where, 'command', 'a program', undefined);
  const hint = textOf(exec, 'installHint');
  const mode = textOf(exec, 'interactiveMode');
  const env = Array.isArray(body.env) ? body.env : [];
  return {
    apiVersion: textOf(exec, 'apiVersion') ?? 'client.authentication.k8s.io/v1',
    command: /[/\\]/.test(command) ? resolve(entry.directory, command) : command,
    args: textsOf(exec, 'args'),
    env: env.filter(isRecord).map((item) => ({ name: String(item.name), value: String(item.value ?? '') })),
    ...(hint === undefined ? {} : { installHint: hint.trim() }),
    provideClusterInfo: body.provideClusterInfo === true,
    interactiveMode: mode === 'Never' || mode === 'Always' ? mode : 'IfAvailable',
  };
}

function readAuthProvider(entry: Entry): UserEntry['authProvider'] {
  const body = recordOf(entry, 'auth-provider');
  if (body === undefined) return undefined;
  const provider: Entry = { ...entry, body, where: `${entry.where}.auth-provider` };
  const name = textOf(provider, 'name');
  if (name === undefined) throw invalid(provider.where, 'name', 'the name of an auth provider', undefined);
  return { name, config: recordOf(provider, 'config') ?? {} };
}
