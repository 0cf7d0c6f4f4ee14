/** The policy blocks WebRTC anyway; but trying it ends the tab's renderer in Chromium 156. */
export function removeWebRtc(): void {
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) Reflect.deleteProperty(window, name)
}
