'use client'

import { Check, Copy, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from '@/components/ui/icon-button'

const shownForMs = 1600

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [result, setResult] = useState<'copied' | 'refused' | null>(null)
  useEffect(() => {
    if (result === null) return
    const timer = setTimeout(() => setResult(null), shownForMs)
    return () => clearTimeout(timer)
  }, [result])
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setResult('copied'),
      (error: unknown) => {
        console.warn('The clipboard refused the text.', error)
        setResult('refused')
      },
    )
  return (
    <IconButton
      label={result === null ? label : result === 'copied' ? 'Copied' : 'Copying was refused'}
      size="sm"
      onClick={copy}
    >
      {result === null ? (
        <Copy size={13} aria-hidden />
      ) : result === 'copied' ? (
        <Check size={13} aria-hidden />
      ) : (
        <X size={13} aria-hidden />
      )}
    </IconButton>
  )
}
