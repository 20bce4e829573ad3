import { describe, expect, it } from 'vitest';
import { violations } from './pod-security.js';

const good = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};
const pod = (securityContext: object, spec: object = {}) => ({ spec: { containers: [{ name: 'a', securityContext }], ...spec } });

describe('violations', () => {
  it('lets a pod pass that says all that it must, on the container or on the pod', () => {
    expect(violations(pod(good))).toBeUndefined();
    const { runAsNonRoot, seccompProfile, ...own } = good;
    expect(violations(pod(own, { securityContext: { runAsNonRoot, seccompProfile } }))).toBeUndefined();
    expect(violations(pod({ ...good, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }))).toBeUndefined();
  });

  // The whole text as a live Kubernetes 1.36 gave it for this pod.
  it('says everything at once, as the server does', () => {
    const spec = {
      hostNetwork: true,
      securityContext: { runAsUser: 0 },
      volumes: [{ name: 'h', hostPath: { path: '/' } }],
      initContainers: [{ name: 'i', image: 'x', securityContext: { capabilities: { add: ['NET_ADMIN'] } } }],
      containers: [
        { name: 'a', image: 'x', ports: [{ containerPort: 80, hostPort: 80 }] },
        {
          name: 'b',
          image: 'x',
          securityContext: {
            privileged: true,
            allowPrivilegeEscalation: true,
            runAsNonRoot: false,
            runAsUser: 0,
            seccompProfile: { type: 'Unconfined' },
          },
        },
      ],
    };
    expect(violations({ spec })).toBe(
      'violates PodSecurity "restricted:latest": host namespaces (hostNetwork=true), hostPort (container "a" uses hostPort 80), privileged (container "b" must not set securityContext.privileged=true), allowPrivilegeEscalation != false (containers "i", "a", "b" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (containers "i", "a", "b" must set securityContext.capabilities.drop=["ALL"]; container "i" must not include "NET_ADMIN" in securityContext.capabilities.add), restricted volume types (volume "h" uses restricted volume type "hostPath"), runAsNonRoot != true (container "b" must not set securityContext.runAsNonRoot=false), runAsUser=0 (pod and container "b" must not set runAsUser=0), seccompProfile (container "b" must not set securityContext.seccompProfile.type to "Unconfined")',
    );
  });

  it.each([
    [{ ...good, runAsNonRoot: undefined }, 'runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true)'],
    [
      { ...good, seccompProfile: undefined },
      'seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ],
    [{ ...good, runAsUser: 0 }, 'runAsUser=0 (container "a" must not set runAsUser=0)'],
    [{ ...good, allowPrivilegeEscalation: true }, 'allowPrivilegeEscalation != false (container "a" must set'],
    [{ ...good, capabilities: {} }, 'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"])'],
  ])('names what is missing: %j', (context, text) => {
    expect(violations(pod(context))).toContain(text);
  });
});
