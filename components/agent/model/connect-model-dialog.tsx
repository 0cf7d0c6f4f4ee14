'use client'

import { Dialog } from '@/components/ui/dialog'
import { CopyButton } from '../copy-button'
import { OwnKeyForm } from './own-key-form'

const ways = [
  { name: 'OpenAI', lines: ['OPENAI_API_KEY=…', 'npm start'] },
  { name: 'Ollama', lines: ['OPENAI_BASE_URL=http://localhost:11434/v1', 'VITRINE_MODELS=…', 'npm start'] },
  { name: 'LM Studio', lines: ['OPENAI_BASE_URL=http://localhost:1234/v1', 'VITRINE_MODELS=…', 'npm start'] },
] as const

/** A key of one's own for this tab, or a model for everybody who uses this server. */
export function ConnectModelDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Connect a model">
      <OwnKeyForm />
      <section className="mt-5">
        <h3 className="m-0 font-semibold text-ui">For everybody on this server</h3>
        <p className="m-0 mt-0.5 mb-2 text-muted">
          Set variables where Vitrine runs, then start it again. Any server that speaks the Responses API works, vLLM
          included.
        </p>
        <dl className="m-0 flex flex-col gap-2.5">
          {ways.map(({ name, lines }) => {
            const command = lines.join(' ')
            return (
              <div key={name}>
                <dt className="mb-1 text-meta">{name}</dt>
                <dd className="m-0 flex items-center gap-1 rounded-md bg-sunken py-1 pr-1 pl-3">
                  <code className="min-w-0 flex-1 break-words text-meta">{command}</code>
                  <CopyButton text={command} label={`Copy the ${name} command`} />
                </dd>
              </div>
            )
          })}
        </dl>
      </section>
    </Dialog>
  )
}
