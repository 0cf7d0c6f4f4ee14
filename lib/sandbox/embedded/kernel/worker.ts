// Entry of the kernel Worker. Its first message brings the port to the IDE page; all else goes over that port.
import type { KernelBoot, ToKernel } from '../protocol'
import { createKernel } from './kernel'
import { createFrameWorkers, type OpenWorker } from './open-worker'

addEventListener(
  'message',
  ({ data, ports: [port] }: MessageEvent<KernelBoot>) => {
    if (!port) return
    const openWorker: OpenWorker =
      data.starter === 'frame' ? createFrameWorkers(self) : (url, name) => new Worker(url, { name })
    const kernel = createKernel(data.process, (events) => port.postMessage(events), openWorker)
    port.onmessage = ({ data: message }: MessageEvent<ToKernel>) => kernel.receive(message)
  },
  { once: true },
)
