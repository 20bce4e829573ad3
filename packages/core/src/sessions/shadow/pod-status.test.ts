import { ClusterError, type KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { explainAdmission } from './admission.js';
import { podStatus } from './pod-status.js';

type Container = Record<string, unknown>;

function pod(containers: readonly Container[], status: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'shop', name: 'heddle-web-m1' },
    status: { phase: 'Pending', containerStatuses: containers, ...status },
  };
}
const agent = (state: Container, more: Container = {}) => ({ name: 'agent', image: 'reg/agent:1', state, ...more });
const waiting = (reason: string, message?: string) => ({ waiting: { reason, ...(message === undefined ? {} : { message }) } });

describe('podStatus', () => {
  it.each(['ImagePullBackOff', 'ErrImagePull', 'ErrImageNeverPull', 'InvalidImageName'])(
    'tells an image that cannot be pulled: %s',
    (reason) => {
      const { failure } = podStatus(pod([agent(waiting(reason, 'not found'))]), 'agent');
      expect(failure).toMatchObject({ code: 'image-pull', exit: 'cluster', message: expect.stringContaining('reg/agent:1') });
      expect(failure?.message).toContain(`${reason}: not found`);
      expect(failure?.next.length).toBeGreaterThan(0);
    },
  );

  it('says what to do when the image must never be pulled', () => {
    expect(podStatus(pod([agent(waiting('ErrImageNeverPull'))]), 'agent').failure?.next[0]).toContain('Load reg/agent:1 onto');
  });

  it("quotes a crashing container's last message", () => {
    const last = { terminated: { exitCode: 255, reason: 'Error', message: 'a\nb\nno such key\nsshd: bad configuration\n' } };
    const { failure } = podStatus(pod([agent(waiting('CrashLoopBackOff', 'back-off 10s'), { lastState: last })]), 'agent');
    expect(failure).toMatchObject({ code: 'container-crash' });
    expect(failure?.message).toContain('b / no such key / sshd: bad configuration (Error, exit code 255)');
  });

  it('names the container that cannot start, also an init container', () => {
    const init = [
      { name: 'mesh-init', image: 'x', state: waiting('CreateContainerConfigError', 'runAsNonRoot and image will run as root') },
    ];
    expect(podStatus(pod([], { initContainerStatuses: init }), 'agent').failure).toMatchObject({
      code: 'container-start',
      message: expect.stringContaining('container mesh-init of pod heddle-web-m1'),
    });
  });

  it('does not take a finished init container for a crash', () => {
    const init = [{ name: 'init', image: 'x', restartCount: 5, ready: true, state: { terminated: { exitCode: 0 } } }];
    expect(podStatus(pod([agent({ running: {} })], { initContainerStatuses: init }), 'agent').failure).toBeUndefined();
  });

  it('waits for a node, and says so if none comes', () => {
    const conditions = [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available: 3 Insufficient memory.' },
    ];
    const status = podStatus(pod([], { conditions }), 'agent');
    expect(status.failure).toBeUndefined();
    expect(status.phrase).toBe('Unschedulable: 0/3 nodes are available: 3 Insufficient memory.');
    expect(status.onTimeout).toMatchObject({ code: 'unschedulable', message: expect.stringContaining('Insufficient memory') });
  });

  it('knows a pod that has ended', () => {
    expect(podStatus(pod([], { phase: 'Failed', reason: 'Evicted', message: 'low on disk' }), 'agent').failure).toMatchObject({
      code: 'pod-ended',
      message: expect.stringContaining('Evicted: low on disk'),
    });
  });

  it('is running before it is ready', () => {
    const conditions = [{ type: 'Ready', status: 'False' }];
    expect(podStatus(pod([agent({ running: {} })], { phase: 'Running', conditions }), 'agent')).toMatchObject({
      running: true,
      ready: false,
      phrase: 'agent: running, not ready',
    });
    expect(
      podStatus(pod([agent({ running: {} }, { ready: true })], { conditions: [{ type: 'Ready', status: 'True' }] }), 'agent').ready,
    ).toBe(true);
  });
});

describe('explainAdmission', () => {
  const refusal = (containers: string) =>
    new ClusterError({
      reason: 'Forbidden',
      status: 403,
      message:
        `pods "heddle-web-m1" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (${containers} must set ` +
        `securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (${containers} must set securityContext.capabilities.drop=["ALL"])`,
    });

  it("says when it is the mesh's own container that is refused", () => {
    expect(explainAdmission(refusal('container "some-init"'), 'agent', 'shop')).toMatchObject({
      code: 'pod-security',
      message: `The mesh's own container (some-init) in the shadow's pod would have rights that the PodSecurity level "restricted" of namespace shop refuses`,
      next: ['Use --no-sidecar', "Install the mesh's CNI plugin, with which its init container needs no rights"],
    });
    expect(explainAdmission(refusal('containers "agent", "one", "two"'), 'agent', 'shop')).toMatchObject({
      message: expect.stringContaining('containers (one, two)'),
    });
  });

  it('blames the options when it is our own', () => {
    expect(explainAdmission(refusal('container "agent"'), 'agent', 'shop')).toMatchObject({
      code: 'pod-security',
      message: expect.stringContaining("refuses the shadow's pod"),
    });
  });

  it('leaves every other error as it is', () => {
    const quota = new ClusterError({ reason: 'Forbidden', status: 403, message: 'exceeded quota: pods' });
    expect(explainAdmission(quota, 'agent', 'shop')).toBe(quota);
    const other = new Error('x');
    expect(explainAdmission(other, 'agent', 'shop')).toBe(other);
  });
});
