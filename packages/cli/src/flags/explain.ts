import { Flags } from '@oclif/core';
import { envoyFlag } from './shared-flags.js';

const CALLER = 'CALLER';
const others = (own: string): string[] => ['from', 'from-namespace', 'gateway'].filter((name) => name !== own);

/** The flags that only `heddle explain` has: the request, and who sends it. */
export const explainFlags = {
  // Elsewhere --method and --header are matches, and so are their variables.
  request: Flags.string({ char: 'X', summary: 'Method of the request; default: GET.', helpValue: 'METHOD', env: 'HEDDLE_REQUEST' }),
  'request-header': Flags.string({
    char: 'H',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A header of the request; may be repeated.',
    helpValue: "'NAME: VALUE'",
    env: 'HEDDLE_REQUEST_HEADER',
  }),
  ...envoyFlag,
  from: Flags.string({
    exclusive: others('from'),
    summary: 'The workload or Pod that calls, of the namespace of -n unless one is given.',
    helpValue: '[NAMESPACE/][KIND/]NAME',
    helpGroup: CALLER,
    env: 'HEDDLE_FROM',
  }),
  'from-namespace': Flags.string({
    exclusive: others('from-namespace'),
    summary: 'The caller is a pod in the mesh in this namespace.',
    helpValue: 'NAME',
    helpGroup: CALLER,
    env: 'HEDDLE_FROM_NAMESPACE',
  }),
  'from-labels': Flags.string({
    exclusive: ['from', 'gateway'],
    summary: 'The labels of that pod.',
    helpValue: 'K=V[,…]',
    helpGroup: CALLER,
    env: 'HEDDLE_FROM_LABELS',
  }),
  gateway: Flags.string({
    exclusive: ['from', 'from-namespace', 'from-labels'],
    summary: 'The request comes in through this gateway: its Service, workload or Pod, or a Gateway object.',
    helpValue: '[NAMESPACE/]NAME',
    helpGroup: CALLER,
    env: 'HEDDLE_GATEWAY',
  }),
};
