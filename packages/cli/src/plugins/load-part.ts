import {
  isRecord,
  MESH_ADAPTER_API,
  MESH_ADAPTER_TYPE,
  type MeshAdapter,
  TUNNEL_PROVIDER_API,
  TUNNEL_PROVIDER_TYPE,
  type TunnelProvider,
} from '@heddle/core';
import { cliError } from '../errors/cli-error.js';
import type { Part } from './catalogue.js';

/** Imports a module by absolute path. */
export type ImportModule = (path: string) => Promise<unknown>;

const CONTRACT = {
  adapter: { type: MESH_ADAPTER_TYPE, api: MESH_ADAPTER_API },
  tunnel: { type: TUNNEL_PROVIDER_TYPE, api: TUNNEL_PROVIDER_API },
} as const;

export async function loadAdapter(part: Part, importModule: ImportModule): Promise<MeshAdapter> {
  return (await loadPart(part, importModule)) as unknown as MeshAdapter;
}

export async function loadTunnel(part: Part, importModule: ImportModule): Promise<TunnelProvider> {
  return (await loadPart(part, importModule)) as unknown as TunnelProvider;
}

/** Whether this heddle can use the part, from its declaration alone. */
function isCompatible(part: Part): boolean {
  return part.apiVersion === CONTRACT[part.kind].api;
}

/** Imports the module and takes its default export, or the one named after the kind. Throws `plugin-incompatible` or `plugin-broken`. */
async function loadPart(part: Part, importModule: ImportModule): Promise<Record<string, unknown>> {
  const contract = CONTRACT[part.kind];
  if (!isCompatible(part)) throw incompatible(part, part.apiVersion);
  const module = await importModule(part.module).catch((error: unknown) => {
    throw broken(part, `its module cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, error);
  });
  const exported = isRecord(module) ? module : {};
  // A CommonJS module's exports arrive as the default export.
  const fallback = isRecord(exported.default) ? exported.default : {};
  const value = [exported.default, exported[part.kind], fallback[part.kind], fallback.default].find(
    (candidate) => isRecord(candidate) && candidate.$$type === contract.type,
  );
  if (!isRecord(value)) throw broken(part, `its module exports no ${part.kind} (neither by default nor as '${part.kind}')`);
  if (value.apiVersion !== contract.api) throw incompatible(part, value.apiVersion);
  if (value.id !== part.id) throw broken(part, `its module calls itself ${String(value.id)}`);
  return value;
}

function incompatible(part: Part, version: unknown) {
  const { api } = CONTRACT[part.kind];
  return cliError(
    'plugin-incompatible',
    `The ${part.kind} ${part.id} of ${part.package} ${part.version} is written for version ${String(version)} of heddle's ${part.kind} contract; this heddle fits version ${api}.`,
    [`Install a version of ${part.package} that fits, or another version of heddle.`],
  );
}

function broken(part: Part, why: string, cause?: unknown) {
  return cliError(
    'plugin-broken',
    `The ${part.kind} ${part.id} of ${part.package} ${part.version} does not work: ${why}.`,
    [`Reinstall ${part.package}, or report it to its authors.`, 'See what is installed: heddle adapters'],
    cause,
  );
}
