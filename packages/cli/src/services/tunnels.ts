import type { TunnelProvider } from '@heddle/core';
import type { AgentConfig, ClusterConfig, HeddleConfig } from '../config/types.js';
import { type Catalogue, findPart, type Part, partsOf } from '../plugins/catalogue.js';
import { type ImportModule, loadTunnel } from '../plugins/load-part.js';

/** The tunnel of a session: flag, then the cluster's entry, then the default. Another one is never tried. */
export interface Tunnels {
  /** Throws `unknown-tunnel` or `plugin-duplicate`. Loads nothing. */
  part(entry: ClusterConfig | undefined): Part;
  load(entry: ClusterConfig | undefined): Promise<TunnelProvider>;
  /** The agent's settings, with the image that the tunnel's package names where nobody chose one. */
  agent(entry: ClusterConfig | undefined): AgentConfig;
}

export function createTunnels(deps: {
  readonly flag?: string;
  readonly config: HeddleConfig;
  readonly catalogue: Catalogue;
  readonly importModule: ImportModule;
}): Tunnels {
  const { agent, defaults, imageChosen } = deps.config;
  const part = (entry: ClusterConfig | undefined) => findPart(deps.catalogue, 'tunnel', deps.flag ?? entry?.tunnel ?? defaults.tunnel);
  return {
    part,
    load: (entry) => loadTunnel(part(entry), deps.importModule),
    agent: (entry) => (imageChosen ? agent : { ...agent, image: imageOf(part(entry)) ?? agent.image }),
  };
}

/** The agent's image that a tunnel's package names, in that package's version; `undefined` where it names none or there is no such tunnel. */
export function tunnelImage(catalogue: Catalogue, id: string): string | undefined {
  const part = partsOf(catalogue, 'tunnel').find((each) => each.id === id);
  return part === undefined ? undefined : imageOf(part);
}

const imageOf = ({ image, version }: Part) => (image === undefined ? undefined : `${image}:${version}`);
