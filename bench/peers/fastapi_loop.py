"""What FastAPI's own documentation teaches: a list of sockets per campaign and `await send_json` in a loop."""

from collections import defaultdict
from typing import Any

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


class ConnectionManager:
    def __init__(self) -> None:
        self.active: dict[str, list[WebSocket]] = defaultdict(list)

    async def connect(self, campaign: str, socket: WebSocket) -> None:
        await socket.accept()
        self.active[campaign].append(socket)

    def disconnect(self, campaign: str, socket: WebSocket) -> None:
        self.active[campaign].remove(socket)

    async def broadcast(self, campaign: str, message: Any) -> None:
        for socket in self.active[campaign]:
            await socket.send_json(message)


manager = ConnectionManager()


@app.websocket("/campaigns/{campaign}/ws")
async def watch(socket: WebSocket, campaign: str) -> None:
    await manager.connect(campaign, socket)
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        manager.disconnect(campaign, socket)


@app.websocket("/publish")
async def publish(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            told = await socket.receive_json()
            await manager.broadcast(told["campaign"], told["message"])
    except WebSocketDisconnect:
        return
