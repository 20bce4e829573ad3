import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import type { MeshAdapter } from '@heddle/core';
import { adapter as template } from '../../../../examples/adapter-template/src/index.js';

/** An adapter that is right, and the folder of its package. */
export interface Subject {
  readonly adapter: MeshAdapter;
  readonly packageDir: URL;
}

export const ISTIO: Subject = { adapter: istio, packageDir: new URL('../../../adapter-istio/', import.meta.url) };
export const KUMA: Subject = { adapter: kuma, packageDir: new URL('../../../adapter-kuma/', import.meta.url) };
export const TEMPLATE: Subject = { adapter: template, packageDir: new URL('../../../../examples/adapter-template/', import.meta.url) };

/** For `describe.each`: each with its title first. */
export const SUBJECTS = [ISTIO, KUMA, TEMPLATE].map((subject) => [subject.adapter.title, subject] as const);
