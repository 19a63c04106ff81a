"""The Job, in the form that ``edgeboot segments render`` gives it."""

from __future__ import annotations

from typing import Any

import yaml

_JOB = """
apiVersion: batch/v1
kind: Job
metadata:
  name: edgeboot-segments
  labels: {app.kubernetes.io/name: edgeboot, app.kubernetes.io/component: segments}
spec:
  completionMode: Indexed
  backoffLimitPerIndex: 2
  podFailurePolicy:
    rules:
    - {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: "True"}]}
    - {action: FailIndex, onExitCodes: {containerName: verify, operator: In, values: [1, 4, 5]}}
    - {action: Count, onExitCodes: {containerName: verify, operator: In, values: [3]}}
  template:
    metadata:
      labels: {app.kubernetes.io/name: edgeboot, app.kubernetes.io/component: segments}
    spec:
      hostNetwork: true
      dnsPolicy: ClusterFirstWithHostNet
      restartPolicy: Never
      terminationGracePeriodSeconds: 60
      enableServiceLinks: false
      serviceAccountName: edgeboot
      nodeSelector: {edgeboot.openedgeplatform.org/segment: any}
      containers:
      - name: verify
        image: localhost/edgeboot/edgeboot:0.1.0
        args: [segments, run]
        env:
        - {name: EDGEBOOT_NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
        - {name: EDGEBOOT_POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        - {name: HOME, value: /tmp}
        securityContext:
          readOnlyRootFilesystem: true
          capabilities: {drop: [ALL], add: [NET_ADMIN, NET_RAW]}
          seccompProfile: {type: RuntimeDefault}
        terminationMessagePolicy: FallbackToLogsOnError
        volumeMounts:
        - {name: tmp, mountPath: /tmp}
        - {name: state, mountPath: /var/lib/edgeboot, subPathExpr: $(EDGEBOOT_NODE)}
        - {name: segments, mountPath: /etc/edgeboot/segments, readOnly: true}
      volumes:
      - {name: tmp, emptyDir: {}}
      - {name: state, persistentVolumeClaim: {claimName: edgeboot}}
      - {name: segments, projected: {sources: [{configMap: {name: edgeboot-segments-0123456789ab}}]}}
"""


def job(segments: int, parallelism: int) -> dict[str, Any]:
    """Of so many segments, each of which any labelled node reaches."""
    made: dict[str, Any] = yaml.safe_load(_JOB)
    made["spec"] |= {"completions": segments, "maxFailedIndexes": segments, "parallelism": parallelism}
    return made
