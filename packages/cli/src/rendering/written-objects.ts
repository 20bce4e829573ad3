import type { KubeObject } from '@heddle/core';
import { listed } from '../services/files/assume/ready-pod.js';
import type { WrittenDocument } from '../services/write-objects/write-objects.js';
import type { Output } from '../terminal/output.js';
import { counted } from './counted.js';
import { yamlDocuments } from './rendered-objects.js';

/** The objects as one stream; or where they were written, the files on standard output and what they were before beside it. */
export function resultObjects(
  { objects, out }: { readonly objects: readonly KubeObject[]; readonly out?: WrittenDocument },
  output: Output,
): void {
  if (out === undefined) output.result(objects, yamlDocuments);
  else output.result(out.files, (files) => files.map(({ file }) => file).join('\n'));
}

/** What has been written, and what lies beside it; to be said last. */
export function sayWritten({ folder, files, others }: WrittenDocument, output: Output): void {
  if (others.length > 0) {
    const them = others.length === 1 ? 'it' : 'them';
    output.warn(
      `${folder} also holds ${listed(others)}, which this run has not written: left from an earlier one, or not heddle's. kubectl apply -f ${folder} applies ${them} too.`,
    );
  }
  if (files.length === 0) {
    output.progress(`There is nothing to write into ${folder}.`);
    return;
  }
  const of = (state: WrittenDocument['files'][number]['was']) => files.filter(({ was }) => was === state).length;
  const states = [
    [of('absent'), 'new'],
    [of('other'), 'written over'],
    [of('same'), 'unchanged'],
  ].flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  output.progress(`${counted(files.length, 'file')} in ${folder} (${states.join(', ')}): kubectl apply -f ${folder}`);
}
