import { expect, test } from 'vitest';
import { PULL_CONTAINER } from './pull-pod.js';
import { pullStatus } from './pull-status.js';

const pod = (state: object, more: object = {}) => ({
  spec: { nodeName: 'n1' },
  status: {
    phase: 'Pending',
    containerStatuses: [
      { name: 'proxy', state: {} },
      { name: PULL_CONTAINER, state },
    ],
    ...more,
  },
});

// The words are those of a kubelet 1.36 with containerd.
test.each([
  ['not scheduled yet', { status: { phase: 'Pending' } }, { is: 'waiting', phrase: 'a node is being found' }],
  [
    'no node',
    {
      status: {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes are available: 1 Insufficient cpu.' },
        ],
      },
    },
    { is: 'waiting', phrase: 'no node has taken the pod', unschedulable: '0/1 nodes are available: 1 Insufficient cpu.' },
  ],
  ['being pulled', pod({ waiting: { reason: 'ContainerCreating' } }), { is: 'waiting', phrase: 'ContainerCreating' }],
  ['behind an init container', pod({ waiting: { reason: 'PodInitializing' } }), { is: 'waiting', phrase: 'PodInitializing' }],
  [
    'refused',
    pod({ waiting: { reason: 'ErrImagePull', message: 'failed to resolve reference' } }),
    { is: 'refused', reason: 'ErrImagePull', message: 'failed to resolve reference' },
  ],
  ['not to be pulled', pod({ waiting: { reason: 'ErrImageNeverPull' } }), { is: 'refused', reason: 'ErrImageNeverPull', message: '' }],
  ['run and done', pod({ terminated: { exitCode: 0, reason: 'Completed' } }, { phase: 'Succeeded' }), { is: 'there', node: 'n1' }],
  ['running', pod({ running: { startedAt: 'now' } }), { is: 'there', node: 'n1' }],
  [
    'there, without a program of that name',
    pod({ terminated: { exitCode: 128, reason: 'StartError', message: 'exec: "true": executable file not found' } }, { phase: 'Failed' }),
    { is: 'there', node: 'n1', broken: 'StartError: exec: "true": executable file not found' },
  ],
  [
    'there, and refused by the runtime',
    pod({ waiting: { reason: 'CreateContainerError', message: 'no' } }),
    { is: 'there', node: 'n1', broken: 'CreateContainerError: no' },
  ],
  [
    'ended without a container',
    { status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' } },
    { is: 'ended', why: 'Evicted: The node was low on resource: memory.' },
  ],
  [
    'its time was up while it waited',
    pod({ waiting: { reason: 'ContainerCreating' } }, { phase: 'Failed', reason: 'DeadlineExceeded' }),
    { is: 'ended', why: 'DeadlineExceeded' },
  ],
  ['nothing that can be read', { status: 'odd' }, { is: 'waiting', phrase: 'a node is being found' }],
])('%s', (_, object, expected) => {
  expect(pullStatus(object)).toEqual(expected);
});
