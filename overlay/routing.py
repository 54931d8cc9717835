from channels.routing import URLRouter

live_stream = URLRouter([])
