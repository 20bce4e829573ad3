import { completeMatch } from './delegate-match.js';
import { type Raw, record, text, texts } from './raw.js';
import type { HttpRule } from './world-types.js';

/**
 * What a root rule and the rules of the VirtualService that it delegates to become (istio `pilot/pkg/model/virtualservice.go`,
 * `MergeHTTPRoutes`, 1.31): a leaf rule stays if each of its matches is narrower than some match of the root, and takes from the
 * root what it does not say itself.
 */
export function mergeDelegate(root: HttpRule, leaf: readonly HttpRule[]): readonly HttpRule[] {
  return leaf.flatMap((rule) => {
    const match = mergeMatches(root.match, rule.match);
    if (match === undefined) return [];
    const { delegate: _, match: __, route: ___, redirect: ____, origins: _____, name: ______, ...inherited } = root;
    const name = rule.name === '' ? root.name : root.name === '' ? rule.name : `${root.name}-${rule.name}`;
    return [{ ...inherited, ...rule, name, match, origins: [...root.origins, ...rule.origins] }];
  });
}

/** The matches of a leaf's rule with what the root's add to them; `undefined`: a leaf match fits no root match. */
export function mergeMatches(root: readonly Raw[], leaf: readonly Raw[]): readonly Raw[] | undefined {
  if (root.length === 0) return leaf;
  if (leaf.length === 0) return root;
  const merged: Raw[] = [];
  for (const narrow of leaf) {
    const fits = root.filter((wide) => !conflicts(wide, narrow));
    if (fits.length === 0) return undefined;
    merged.push(...fits.map((wide) => completeMatch(wide, narrow)));
  }
  return merged;
}

function conflicts(root: Raw, leaf: Raw): boolean {
  for (const key of ['uri', 'scheme', 'method', 'authority']) {
    if (stringsConflict(root[key], leaf[key])) return true;
  }
  for (const key of ['headers', 'withoutHeaders', 'queryParams']) {
    const wide = record(root[key]);
    for (const [name, value] of Object.entries(record(leaf[key]))) {
      if (stringsConflict(wide[name], value)) return true;
    }
  }
  if ((root.ignoreUriCase === true) !== (leaf.ignoreUriCase === true)) return true;
  if (positive(root.port) && positive(leaf.port) && root.port !== leaf.port) return true;
  const namespace = text(root.sourceNamespace);
  if (namespace !== '' && text(leaf.sourceNamespace) !== namespace) return true;
  const labels = record(root.sourceLabels);
  for (const [key, value] of Object.entries(record(leaf.sourceLabels))) {
    if (key in labels && labels[key] !== value) return true;
  }
  const [wide, narrow] = [texts(root.gateways), texts(leaf.gateways)];
  return wide.length > 0 && narrow.length > 0 && (wide.length < narrow.length || narrow.some((gateway) => !wide.includes(gateway)));
}

const positive = (value: unknown): boolean => typeof value === 'number' && value > 0;

function stringsConflict(root: unknown, leaf: unknown): boolean {
  if (root == null || leaf == null) return false;
  const wide = kinds(root);
  const narrow = kinds(leaf);
  if (wide.regex !== '' && (narrow.regex !== '' || narrow.prefix !== '' || narrow.exact !== '')) return true;
  if (narrow.regex !== '' && (wide.regex !== '' || wide.prefix !== '' || wide.exact !== '')) return true;
  if (wide.exact !== '') return narrow.prefix !== '' || narrow.exact !== wide.exact;
  if (wide.prefix !== '' && narrow.prefix !== '') return !narrow.prefix.startsWith(wide.prefix);
  if (wide.prefix !== '' && narrow.exact !== '') return !narrow.exact.startsWith(wide.prefix);
  return true;
}

function kinds(value: unknown) {
  const raw = record(value);
  return { exact: text(raw.exact), prefix: text(raw.prefix), regex: text(raw.regex) };
}
