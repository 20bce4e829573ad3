import { isUserError } from '@heddle/core';
import type { Catalogue, CatalogueProblem, Part } from '../plugins/catalogue.js';
import { type ImportModule, loadAdapter, loadTunnel } from '../plugins/load-part.js';
import { type CapabilityReport, capabilityReport } from './capabilities.js';

export interface PartReport extends Partial<CapabilityReport> {
  readonly kind: 'adapter' | 'tunnel';
  readonly id: string;
  readonly title?: string;
  readonly package: string;
  readonly version: string;
  readonly origin: 'bundled' | 'installed' | 'linked';
  readonly works: boolean;
  /** Why it does not work. */
  readonly problem?: string;
  /** Of a tunnel. */
  readonly protocols?: readonly string[];
}

export interface AdaptersReport {
  readonly adapters: readonly PartReport[];
  readonly tunnels: readonly PartReport[];
  readonly problems: readonly CatalogueProblem[];
}

export interface AdaptersService {
  /** What is installed, from where, and what each can do. One that does not load is part of the report. */
  list(): Promise<AdaptersReport>;
}

export function createAdaptersService(deps: { readonly catalogue: Catalogue; readonly importModule: ImportModule }): AdaptersService {
  const report = async (kind: Part['kind']) => {
    const found: PartReport[] = [];
    for (const part of deps.catalogue.parts.filter((each) => each.kind === kind)) found.push(await describePart(part, deps.importModule));
    return found;
  };
  return {
    list: async () => ({ adapters: await report('adapter'), tunnels: await report('tunnel'), problems: deps.catalogue.problems }),
  };
}

async function describePart(part: Part, importModule: ImportModule): Promise<PartReport> {
  const base = { kind: part.kind, id: part.id, package: part.package, version: part.version, origin: originOf(part.origin) };
  if (part.refused !== undefined) return { ...base, works: false, problem: part.refused };
  try {
    if (part.kind === 'tunnel') {
      const tunnel = await loadTunnel(part, importModule);
      return { ...base, works: true, title: tunnel.title, protocols: tunnel.protocols };
    }
    const adapter = await loadAdapter(part, importModule);
    // What it can do at all; a cluster's version may narrow it.
    return { ...base, works: true, title: adapter.title, ...capabilityReport(adapter.capabilities({ served: {}, settings: {} })) };
  } catch (error) {
    return { ...base, works: false, problem: error instanceof Error || isUserError(error) ? error.message : String(error) };
  }
}

function originOf(origin: string): PartReport['origin'] {
  if (origin === 'user') return 'installed';
  return origin === 'link' ? 'linked' : 'bundled';
}
