from django import template

from characters import plates

register = template.Library()
register.filter("srcset", plates.srcset)
