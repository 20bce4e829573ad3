import { configFiles } from './files.js';
import { readConfigFile } from './read-file.js';
import type { AgentConfig, ConfigFile, HeddleConfig } from './types.js';

/**
 * Built-in values, then the user's file, then the nearest `.heddle.yaml` of this directory or one above it.
 * (Environment and flags come on top, where a command asks for a value.)
 */
export function loadConfig(at: { readonly configDir: string; readonly cwd: string; readonly agentImage: string }): HeddleConfig {
  const files = configFiles(at);
  let merged: HeddleConfig = builtIn(at.agentImage);
  for (const file of files) {
    const content = readConfigFile(file);
    if (content !== undefined) merged = layOver(merged, content, file);
  }
  return merged;
}

export function builtIn(agentImage: string): HeddleConfig {
  return {
    clusters: {},
    agent: { image: agentImage, readyTimeout: 180 },
    defaults: { tunnel: 'ssh', header: 'x-heddle', mesh: 'auto' },
    files: [],
    imageChosen: false,
  };
}

/** A cluster's entry replaces the one of that name; of `agent` and `defaults` each key by itself, and each key of its mappings. */
function layOver(below: HeddleConfig, file: ConfigFile, name: string): HeddleConfig {
  return {
    clusters: { ...below.clusters, ...file.clusters },
    agent: { ...below.agent, ...file.agent, ...mappings(below.agent, file.agent) },
    defaults: { ...below.defaults, ...file.defaults },
    files: [...below.files, name],
    imageChosen: below.imageChosen || file.agent?.image !== undefined,
  };
}

/** The mappings that both have, key by key. */
function mappings(below: AgentConfig, above: ConfigFile['agent'] = {}): Partial<AgentConfig> {
  const names = ['images', 'nodeSelector', 'labels', 'annotations'] as const;
  return Object.fromEntries(
    names.flatMap((name) => (below[name] === undefined || above[name] === undefined ? [] : [[name, { ...below[name], ...above[name] }]])),
  );
}
