import { type Labels, labelsMatch } from '@heddle/core';

/** Labels of Pods by namespace, found by a selector without a look at all of them. */
export interface LabelIndex {
  add(namespace: string, labels: Labels): void;
  /** Those that a selector picks; none for an empty one. */
  picked(namespace: string, selector: Labels): readonly Labels[];
}

export function labelIndex(): LabelIndex {
  const byLabel = new Map<string, Labels[]>();
  const keyOf = (namespace: string, key: string, value: string) => `${namespace} ${key}=${value}`;
  return {
    add: (namespace, labels) => {
      for (const [key, value] of Object.entries(labels)) {
        const known = byLabel.get(keyOf(namespace, key, value));
        if (known === undefined) byLabel.set(keyOf(namespace, key, value), [labels]);
        else known.push(labels);
      }
    },
    picked: (namespace, selector) => {
      const [[key, value] = []] = Object.entries(selector);
      const candidates = key === undefined || value === undefined ? [] : (byLabel.get(keyOf(namespace, key, value)) ?? []);
      return candidates.filter((labels) => labelsMatch(selector, labels));
    },
  };
}
