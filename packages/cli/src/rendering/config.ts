import { dump } from 'js-yaml';
import type { Setting } from '../config/settings.js';
import type { ConfigChange, ConfigPaths, ConfigReport, ConfigValue } from '../services/config.js';
import type { Paper } from '../terminal/output.js';
import { table } from './table.js';

export function renderConfig({ settings, files }: ConfigReport, paper: Paper): string {
  const { style } = paper;
  const rows = settings.map((setting) => [setting.key, short(setting.value), style.dim(source(setting))]);
  return [
    table(['KEY', 'VALUE', 'FROM'], rows, paper),
    ...(files.length === 0 ? [style.dim('No configuration file was found. See where they would be: heddle config path')] : []),
  ].join('\n');
}

/** The bare value, for a script. */
export function renderValue({ value }: ConfigValue): string {
  return typeof value === 'object' ? dump(value, { noRefs: true, lineWidth: -1 }) : String(value);
}

export function renderChange({ key, file, value, before, changed }: ConfigChange, { style }: Paper): string {
  if (!changed) return value === undefined ? `${key} has no value in ${file}.` : `${key} is ${short(value)} already in ${file}.`;
  const was = before === undefined ? '' : style.dim(` (was ${short(before)})`);
  return value === undefined ? `${key} was taken out of ${file}${was}` : `${key} is ${short(value)} in ${file}${was}`;
}

export function renderPaths({ user, project }: ConfigPaths, { style }: Paper): string {
  const line = (name: string, { file, exists }: ConfigPaths['user']) => `${name}  ${file}${exists ? '' : style.dim('  (not there)')}`;
  return [line('user   ', user), line('project', project)].join('\n');
}

function source({ from, file, line, name }: Setting): string {
  if (from === 'file') return line === undefined ? (file ?? '') : `${file}:${line}`;
  return name ?? from;
}

function short(value: unknown): string {
  return typeof value === 'object' ? dump(value, { flowLevel: 0, noRefs: true, lineWidth: -1 }).trim() : String(value);
}
