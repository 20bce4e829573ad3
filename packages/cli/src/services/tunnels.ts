import type { TunnelProvider } from '@heddle/core';
import type { AgentConfig, ClusterConfig, HeddleConfig } from '../config/types.js';
import { type Catalogue, findPart, type Part, partsOf } from '../plugins/catalogue.js';
import { type ImportModule, loadTunnel } from '../plugins/load-part.js';

/** The tunnel of a session: flag, then the cluster's entry, then the default. Another one is never tried. */
export interface Tunnels {
  /** Throws `unknown-tunnel` or `plugin-duplicate`. Loads nothing. */
  part(entry: ClusterConfig | undefined): Part;
  load(entry: ClusterConfig | undefined): Promise<TunnelProvider>;
  /** The agent's settings, with the image of this tunnel's agent: the one that was chosen for it, else that which its package names. */
  agent(entry: ClusterConfig | undefined): AgentConfig;
  /** Where the image of this tunnel's agent is configured, and whether it is. */
  imageSetting(entry: ClusterConfig | undefined): { readonly key: string; readonly isSet: boolean };
}

export function createTunnels(deps: {
  readonly flag?: string;
  readonly config: HeddleConfig;
  readonly catalogue: Catalogue;
  readonly importModule: ImportModule;
}): Tunnels {
  const { agent, defaults, imageChosen } = deps.config;
  const { images = {}, ...own } = agent;
  const part = (entry: ClusterConfig | undefined) => findPart(deps.catalogue, 'tunnel', deps.flag ?? entry?.tunnel ?? defaults.tunnel);
  const chosenFor = (id: string) => images[id] ?? (imageChosen && id === defaults.tunnel ? agent.image : undefined);
  return {
    part,
    load: (entry) => loadTunnel(part(entry), deps.importModule),
    agent: (entry) => {
      const tunnel = part(entry);
      return { ...own, image: chosenFor(tunnel.id) ?? imageOf(tunnel) ?? agent.image };
    },
    imageSetting: (entry) => {
      const { id } = part(entry);
      const isDefault = id === defaults.tunnel && images[id] === undefined;
      return { key: isDefault ? 'agent.image' : `agent.images.${id}`, isSet: chosenFor(id) !== undefined };
    },
  };
}

/** The agent's image that a tunnel's package names, in that package's version; `undefined` where it names none or there is no such tunnel. */
export function tunnelImage(catalogue: Catalogue, id: string): string | undefined {
  const part = partsOf(catalogue, 'tunnel').find((each) => each.id === id);
  return part === undefined ? undefined : imageOf(part);
}

const imageOf = ({ image, version }: Part) => (image === undefined ? undefined : `${image}:${version}`);
