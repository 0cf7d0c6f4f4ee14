'use client'

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** Pixels from the end that still count as the end. */
const slack = 32

interface StickToBottom {
  scroller: RefObject<HTMLDivElement | null>
  content: RefObject<HTMLDivElement | null>
  atEnd: boolean
  toEnd: () => void
}

/**
 * Keeps the newest line in view while it grows, until the reader scrolls up; then it stays where they read.
 * Only an upward scroll of the reader lets go: content that shrinks or grows never does. What `isEmpty` is read from
 * its beginning.
 */
export function useStickToBottom({ isEmpty }: { isEmpty: boolean }): StickToBottom {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const stuck = useRef(true)
  const hasEnd = useRef(!isEmpty)
  const [atEnd, setAtEnd] = useState(true)

  const toEnd = useCallback(() => {
    stuck.current = true
    setAtEnd(true)
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
  }, [])

  useLayoutEffect(() => {
    hasEnd.current = !isEmpty
  }, [isEmpty])

  useEffect(() => {
    const box = scroller.current
    const inner = content.current
    if (box === null || inner === null) return
    let lastTop = box.scrollTop
    let lastHeight = box.scrollHeight
    const onScroll = () => {
      const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight <= slack
      const readerWentUp = box.scrollTop < lastTop && box.scrollHeight >= lastHeight
      if (isAtEnd) stuck.current = true
      else if (readerWentUp) stuck.current = false
      lastTop = box.scrollTop
      lastHeight = box.scrollHeight
      setAtEnd(stuck.current)
    }
    const onResize = () => {
      if (stuck.current && hasEnd.current) box.scrollTop = box.scrollHeight
      lastTop = box.scrollTop
      lastHeight = box.scrollHeight
    }
    const observer = new ResizeObserver(onResize)
    observer.observe(inner)
    observer.observe(box)
    box.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      observer.disconnect()
      box.removeEventListener('scroll', onScroll)
    }
  }, [])

  return { scroller, content, atEnd, toEnd }
}
