'use client'

import { type ClipboardEvent, useMemo } from 'react'
import { useSession } from '@/components/session-context'
import { useToast } from '@/components/ui/toast'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import { type Attachment, maxImages } from '@/lib/agent/attachments/attachment'
import { messageOf } from '@/lib/base'
import type { MentionOption } from './find-mentions'
import { shrinkImage } from './shrink-image'

/** What goes along with the next message, whoever attached it. */
export function useAttachments() {
  const session = useSession()
  const workbench = useWorkbench()
  const toast = useToast()
  const list = useStore(workbench.state, (state) => state.attachments)
  const images = useStore(
    session.agent.state,
    ({ models, model }) => models.find(({ id }) => id === model)?.images ?? false,
  )

  return useMemo(() => {
    const complain = (error: unknown) => toast({ text: messageOf(error), tone: 'bad' })
    const addPicture = async (file: File, index: number) => {
      const name = file.name === '' || file.name === 'image.png' ? `picture ${index}` : file.name
      workbench.attach({ kind: 'image', name, dataUrl: await shrinkImage(file) })
    }
    const addPictures = (files: readonly File[]) => {
      if (!images) return toast({ text: 'The chosen model does not see pictures.', tone: 'bad' })
      const has = list.filter(({ kind }) => kind === 'image').length
      if (has + files.length > maxImages)
        toast({ text: `At most ${maxImages} pictures go with a message.`, tone: 'bad' })
      const fitting = files.slice(0, maxImages - has)
      for (const [index, file] of fitting.entries()) addPicture(file, has + index + 1).catch(complain)
    }
    return {
      list,
      remove: (attachment: Attachment) => workbench.detach(attachment),
      /** Takes all, for a message that is sent. */
      take: (): readonly Attachment[] => {
        const taken = workbench.state.getState().attachments
        workbench.state.setState({ attachments: [] })
        return taken
      },
      giveBack: (taken: readonly Attachment[]) => {
        for (const attachment of taken) workbench.attach(attachment)
      },
      choose: async ({ choice }: MentionOption) => {
        if (choice.kind !== 'checkpoint-choice') return workbench.attach(choice)
        const { id, label } = choice.checkpoint
        try {
          const changes = await session.checkpoints.compare(id, 'now')
          const toKind = (before: unknown, after: unknown) =>
            before === null ? ('add' as const) : after === null ? ('delete' as const) : ('update' as const)
          workbench.attach({
            kind: 'checkpoint',
            id,
            label,
            changes: changes.map(({ path, before, after }) => ({ path, kind: toKind(before, after) })),
          })
        } catch (error) {
          complain(error)
        }
      },
      /** Shrunk to what goes with a request; refused in a sentence when the model sees no pictures. */
      addPictures,
      onPaste: (event: ClipboardEvent) => {
        const files = [...event.clipboardData.files].filter(({ type }) => type.startsWith('image/'))
        if (files.length === 0) return
        event.preventDefault()
        addPictures(files)
      },
    }
  }, [list, images, session, workbench, toast])
}
