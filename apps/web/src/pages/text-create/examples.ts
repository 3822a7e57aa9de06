/** What an empty editor begins with, by kind: small, whole, and refused only for what a person must choose himself. */

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: hello
spec:
  replicas: 1
  selector:
    matchLabels:
      app: hello
  template:
    metadata:
      labels:
        app: hello
    spec:
      containers:
        - name: web
          image: docker.io/library/nginx:1
          resources:
            requests:
              cpu: 100m
              memory: 64Mi
`;

const virtualMachine = `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata:
  name: ""
spec:
  runStrategy: Halted
  template:
    spec:
      domain:
        cpu:
          sockets: 2
        memory:
          guest: 4Gi
        devices:
          disks:
            - name: root
              disk:
                bus: virtio
          interfaces:
            - name: default
              masquerade: {}
      networks:
        - name: default
          pod: {}
      volumes:
        - name: root
          containerDisk:
            image: quay.io/containerdisks/debian:13
`;

/** The example of `kind`; a workload's where none was asked for. */
export function exampleOf(kind: string | undefined): string {
  return kind === "VirtualMachine" ? virtualMachine : deployment;
}
