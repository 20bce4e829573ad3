import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type InProcessAgent, type MeshAdapter, type Scenario, UserError } from '@heddle/core';
import { dig, digList } from '../dig.js';
import type { SandboxOptions } from '../sandbox.js';

/** An installed package: where it is, and its package.json. */
export interface Package {
  readonly root: string;
  readonly pjson: unknown;
}

export type Parts = Required<Pick<SandboxOptions, 'adapter' | 'scenario' | 'agents'>>;

export interface Wanted {
  readonly mesh?: string | undefined;
  readonly scenario?: string | undefined;
  readonly warn?: (message: string) => void;
}

/**
 * What packages hand in, found by the `heddle` field of their package.json and imported only when needed.
 * Without a mesh named: the first that has the scenario; without a scenario: the first one.
 */
export async function loadParts(
  packages: readonly Package[],
  { mesh, scenario: scenarioId, warn = () => undefined }: Wanted = {},
): Promise<Parts> {
  const load = async ({ root }: Package, module: unknown): Promise<unknown> => await import(pathToFileURL(join(root, String(module))).href);
  const entries = (list: string, field: string) => {
    const all = packages.flatMap((from) => digList(from.pjson, `heddle.${list}`).map((entry) => ({ from, entry })));
    return all
      .map(({ from, entry: { id, module, [field]: file } }) => ({ from, id, module, file }))
      .filter(({ file }) => file !== undefined);
  };
  const meshes = entries('adapters', 'scenarios');
  const scenariosOf = async ({ from, file }: (typeof meshes)[number]) => dig(await load(from, file), 'scenarios') as readonly Scenario[];
  const withScenario = async () => {
    for (const one of meshes) {
      // One that cannot be loaded is not the one that is looked for.
      const all = await scenariosOf(one).catch(() => []);
      if (all.some(({ id }) => id === scenarioId)) return one;
    }
    return undefined;
  };
  const found = mesh === undefined && scenarioId !== undefined ? await withScenario() : undefined;
  const chosen = found ?? choose('mesh', mesh, meshes);
  const scenario = choose('scenario', scenarioId, await scenariosOf(chosen));
  const module = await load(chosen.from, chosen.module);
  const adapter = (dig(module, 'default') ?? dig(module, 'adapter')) as MeshAdapter;
  const agentOf = async ({ from, id, file }: { from: Package; id: unknown; file: unknown }) => {
    try {
      return [dig(await load(from, file), 'agent') as InProcessAgent];
    } catch (error) {
      // Only sessions through this tunnel miss it.
      warn(`The tunnel ${String(id)} is not there in this sandbox: its agent cannot be loaded: ${(error as Error).message}`);
      return [];
    }
  };
  const agents = await Promise.all(entries('tunnels', 'inProcessAgent').map(agentOf));
  return { adapter, scenario, agents: agents.flat() };
}

function choose<T extends { readonly id?: unknown }>(what: string, id: string | undefined, all: readonly T[]): T {
  const found = all.find((one) => id === undefined || one.id === id);
  if (found !== undefined) return found;
  const message = `There is no ${what} '${id ?? ''}' for the sandbox; there is: ${all.map((one) => one.id).join(', ') || 'none'}.`;
  const next = all.map((one) => `Choose one: heddle sandbox start --${what} ${one.id}`);
  throw new UserError({ code: `sandbox-${what}-unknown`, exit: 'usage', message, next });
}
