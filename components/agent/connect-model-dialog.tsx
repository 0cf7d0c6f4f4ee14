'use client'

import { Dialog } from '@/components/ui/dialog'
import { CopyButton } from './copy-button'

const ways = [
  { name: 'OpenAI', lines: ['OPENAI_API_KEY=…', 'npm start'] },
  { name: 'Ollama', lines: ['OPENAI_BASE_URL=http://localhost:11434/v1', 'VITRINE_MODELS=…', 'npm start'] },
  { name: 'LM Studio', lines: ['OPENAI_BASE_URL=http://localhost:1234/v1', 'VITRINE_MODELS=…', 'npm start'] },
] as const

/** Keys live in the server's environment, so this explains rather than asks. */
export function ConnectModelDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Connect a model"
      description="Set two environment variables where Vitrine runs, then start it again. Keys stay on the server."
    >
      <dl className="m-0 flex flex-col gap-3">
        {ways.map(({ name, lines }) => {
          const command = lines.join(' ')
          return (
            <div key={name}>
              <dt className="mb-1 font-medium">{name}</dt>
              <dd className="m-0 flex items-center gap-1 rounded-md bg-sunken py-1 pr-1 pl-3">
                <code className="min-w-0 flex-1 overflow-x-auto whitespace-nowrap text-meta">{command}</code>
                <CopyButton text={command} label={`Copy the ${name} command`} />
              </dd>
            </div>
          )
        })}
      </dl>
      <p className="mt-3 mb-0 text-muted">
        Any server that speaks the Responses API works, vLLM included. Without one, the scripted demo model answers.
      </p>
    </Dialog>
  )
}
