"""A Discord on loopback: simcord's world behind real HTTP and a real WebSocket, hard edges included."""
