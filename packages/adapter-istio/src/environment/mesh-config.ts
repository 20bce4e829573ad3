/** The settings of a mesh that routing depends on, as `MeshEnvironment.settings` holds them. */
export type MeshSettings = Readonly<Record<string, string>>;

const SCALARS: ReadonlyMap<string, string> = new Map([
  ['rootNamespace', 'rootNamespace'],
  ['outboundTrafficPolicy.mode', 'outboundTrafficPolicy'],
  ['pathNormalization.normalization', 'pathNormalization'],
]);

const LISTS = new Set(['defaultServiceExportTo', 'defaultVirtualServiceExportTo', 'defaultDestinationRuleExportTo']);

/**
 * Reads the few settings that count from the `mesh` text of the `istio` ConfigMap: scalars of the first and second level and
 * lists of the first, in YAML's block form, as istiod's chart writes it. Whatever else stands there is passed over.
 */
export function meshSettings(text: string): MeshSettings {
  const found: Record<string, string> = {};
  const lists = new Map<string, string[]>();
  let parent = '';
  for (const line of text.split('\n')) {
    const item = /^\s*- (.*)$/.exec(line);
    if (item !== null && LISTS.has(parent)) {
      lists.set(parent, [...(lists.get(parent) ?? []), scalar(item[1] ?? '')]);
      continue;
    }
    const entry = /^( *)([A-Za-z]+):(?: (.*))?$/.exec(line.trimEnd());
    if (entry === null) continue;
    const [, indent = '', key = '', value] = entry;
    if (indent === '') parent = key;
    const setting = SCALARS.get(indent === '' ? key : `${parent}.${key}`);
    if (setting !== undefined && value !== undefined) found[setting] = scalar(value);
    const inline = indent === '' && LISTS.has(key) ? /^\[(.*)\]$/.exec(value ?? '')?.[1] : undefined;
    if (inline !== undefined) lists.set(key, inline.split(',').map(scalar));
  }
  for (const [key, values] of lists) found[key] = values.join(',');
  return found;
}

const scalar = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2');
